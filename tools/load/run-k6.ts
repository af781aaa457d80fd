import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OrderSent } from '../invariants/books.js';
import { projectRoot } from '../project-root.js';
import { findK6 } from './find-k6.js';
import { type LoadOptions, scriptOf } from './load-options.js';
import type { LoadShop } from './prepare-shop.js';

export interface K6Run {
  /** Whether every threshold of the scenario held. */
  readonly hasHeld: boolean;
  readonly orders: readonly OrderSent[];
}

/** Runs one scenario in `folder`, its report on this terminal. */
export async function runK6(
  { scenario, seconds }: LoadOptions,
  { url, run, products, customers }: LoadShop,
  folder: string,
): Promise<K6Run> {
  const k6 = findK6([path.join(projectRoot, 'load'), folder]);
  const shopFile = path.join(folder, 'shop.json');
  writeFileSync(shopFile, JSON.stringify({ url, run, customers, products: [...products.keys()] }));
  const noted = path.join(folder, 'orders.jsonl');
  const args = [
    ...['run', '--quiet', '--no-usage-report', '--log-format', 'raw', '--console-output', noted],
    ...['--env', `SHOP=${shopFile}`, '--env', `SECONDS=${seconds}`, scriptOf(scenario)],
  ];
  const child = spawn(k6.command, [...k6.args, ...args], { stdio: ['ignore', 1, 2] });
  const stop = () => child.kill('SIGINT');
  process.once('SIGTERM', stop);
  const [code] = await once(child, 'close');
  process.off('SIGTERM', stop);
  return { hasHeld: code === 0, orders: readOrders(noted) };
}

function readOrders(file: string): OrderSent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as OrderSent);
}
