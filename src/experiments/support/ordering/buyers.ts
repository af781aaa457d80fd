import { setTimeout as pause } from 'node:timers/promises';
import type { Purchase } from './arrival-order.js';
import type { OrderingRun } from './ordering-run.js';
import { ShopClient } from './shop-client.js';

export type Way = 'lock' | 'queue';

/** Both ways use the same endpoint; a header selects one. */
const HEADERS: Record<Way, Record<string, string>> = {
  lock: {},
  queue: { Prefer: 'respond-async' },
};

const TRIES = 10;

interface OrderingRush {
  readonly way: Way;
  readonly productId: string;
  readonly buyers: number;
  /** Milliseconds between one buyer and the next. */
  readonly everyMs: number;
}

/**
 * Buyers who want one unit each of the same product. They arrive at a fixed rate, at the instances
 * in turn, and do not wait for earlier buyers.
 */
export async function rush(
  { urls, secret }: OrderingRun,
  { way, productId, buyers, everyMs }: OrderingRush,
): Promise<Purchase[]> {
  const client = await ShopClient.of(secret, 'buyer', 'customer');
  const begunMs = performance.now();
  const purchases: Promise<Purchase>[] = [];
  for (let i = 0; i < buyers; i++) {
    while (performance.now() < begunMs + i * everyMs) await pause(1);
    purchases.push(buy(client, `${urls[i % urls.length]}`, way, productId));
  }
  return await Promise.all(purchases);
}

async function buy(
  client: ShopClient,
  url: string,
  way: Way,
  productId: string,
): Promise<Purchase> {
  const order = { items: [{ productId, quantity: 1 }] };
  const sentMs = performance.now();
  const answer = await ask(() => client.post(`${url}/v1/orders`, order, HEADERS[way]));
  const body = (await answer.json()) as { id?: string; code?: string };
  const acceptedMs = performance.now();
  if (answer.status === 202) {
    const orderId = await settlement(client, `${url}${answer.headers.get('location')}`);
    return { sentMs, acceptedMs, settledMs: performance.now(), orderId };
  }
  const isSoldOut = body.code === 'insufficient_stock';
  if (answer.status !== 201 && !isSoldOut) throw new Error(`${answer.status} ${body.code}`);
  return { sentMs, acceptedMs, settledMs: acceptedMs, orderId: isSoldOut ? undefined : body.id };
}

/** Tries again after a 503, which means on a slow machine that nothing was done. */
async function ask(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (answer.status !== 503 || attempt === TRIES) return answer;
    await answer.body?.cancel();
    await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

/** Waits for the end of the request's event stream, which is its settlement. */
async function settlement(client: ShopClient, url: string): Promise<string | undefined> {
  const stream = await ask(() => client.get(url, { Accept: 'text/event-stream' }));
  if (!stream.ok) throw new Error(`${stream.status} ${await stream.text()}`);
  const last = [...(await stream.text()).matchAll(/^data: (.*)$/gm)].at(-1)?.[1];
  const { status, orderId, code } = JSON.parse(last ?? '{}');
  if (status === 'CONFIRMED') return orderId;
  if (status === 'REJECTED' && code === 'insufficient_stock') return undefined;
  throw new Error(`the stream ended with ${last}`);
}
