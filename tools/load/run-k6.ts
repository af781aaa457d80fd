import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OrderSent } from '../invariants/shop-state.js';
import { projectRoot } from '../project-root.js';
import { findK6 } from './find-k6.js';
import { LoadError, type LoadOptions, scriptOf } from './load-options.js';
import type { LoadShop } from './prepare-shop.js';

/** k6's exit code when it ran to its end, and a threshold of the scenario did not hold. */
const THRESHOLDS_CROSSED = 99;

export interface K6Run {
  /** How many were sent. */
  readonly requests: number;
  /** Whether every threshold of the scenario held. */
  readonly hasHeld: boolean;
  readonly orders: readonly OrderSent[];
}

/**
 * Runs one scenario in `folder`, its report on this terminal.
 *
 * @throws LoadError k6 did not run to its end
 */
export async function runK6(
  { scenario, seconds }: LoadOptions,
  { url, run, products, customers }: LoadShop,
  folder: string,
): Promise<K6Run> {
  const k6 = findK6([path.join(projectRoot, 'load'), folder]);
  const shopFile = path.join(folder, 'shop.json');
  writeFileSync(shopFile, JSON.stringify({ url, run, customers, products: [...products.keys()] }));
  const noted = path.join(folder, 'orders.jsonl');
  const summary = path.join(folder, 'summary.json');
  const args = [
    ...['run', '--quiet', '--no-usage-report', '--log-format', 'raw', '--console-output', noted],
    ...['--summary-export', summary],
    ...['--env', `SHOP=${shopFile}`, '--env', `SECONDS=${seconds}`, scriptOf(scenario)],
  ];
  const child = spawn(k6.command, [...k6.args, ...args], { stdio: ['ignore', 1, 2] });
  const stop = () => child.kill('SIGINT');
  process.once('SIGTERM', stop);
  const [code] = await once(child, 'close');
  process.off('SIGTERM', stop);
  if (code !== 0 && code !== THRESHOLDS_CROSSED) throw new LoadError(`k6 ended with code ${code}`);
  return { hasHeld: code === 0, orders: readOrders(noted), requests: readRequests(summary) };
}

function readRequests(file: string): number {
  if (!existsSync(file)) return 0;
  const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as Summary;
  return metrics.http_reqs?.count ?? 0;
}

/** What is read of k6's summary. */
interface Summary {
  readonly metrics: { readonly http_reqs?: { readonly count: number } };
}

function readOrders(file: string): OrderSent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as OrderSent);
}
