import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../test/support/api-client.js';
import { say } from './stage.js';

const CHANGES = 5;
const WAIT_TIMEOUT_MS = 5_000;
const READ_EVERY_MS = 2;

/** Changes the price through one instance, and watches the answers of the other. */
export async function changePrices(
  path: string,
  writer: ApiClient,
  reader: ApiClient,
): Promise<void> {
  for (let change = 0; change < CHANGES; change += 1) {
    await reader.get(path);
    const price = 1_000 + Math.floor(Math.random() * 9_000);
    const watch = watchFor(price, path, reader);
    const { headers } = await writer.patch(path, { price });
    const committedAt = performance.now();
    say(`   ${headers.get('x-instance')} sets ${price}; ${describe(await watch, committedAt)}`);
  }
}

interface Sight {
  /** When the last answer with another price was asked for. */
  readonly lastOldAt: number;
  readonly firstNew: { readonly at: number; readonly by: string; readonly level: string };
}

async function watchFor(price: number, path: string, reader: ApiClient): Promise<Sight> {
  let lastOldAt = 0;
  for (const deadline = performance.now() + WAIT_TIMEOUT_MS; performance.now() < deadline; ) {
    const askedAt = performance.now();
    const { body, headers } = await reader.get(path);
    if (body.price === price) {
      const [by, level] = [headers.get('x-instance'), headers.get('cache-status')];
      const firstNew = { at: performance.now(), by: by ?? '', level: level ?? '' };
      return { lastOldAt, firstNew };
    }
    lastOldAt = askedAt;
    await sleep(READ_EVERY_MS);
  }
  throw new Error('the other instance does not answer with the new price');
}

function describe({ lastOldAt, firstNew: { at, by, level } }: Sight, committedAt: number): string {
  const age = lastOldAt - committedAt;
  const old = age > 0 ? `an answer that was ${age.toFixed(0)} ms old` : 'no old answer';
  const after = Math.max(0, at - committedAt).toFixed(0);
  return `${by} gives ${old}, and the new price within ${after} ms (${level})`;
}
