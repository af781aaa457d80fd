import { setTimeout as pause } from 'node:timers/promises';
import type { Purchase } from './arrival-order.js';
import type { OrderingTrial } from './ordering-trial.js';
import { ShopClient } from './shop-client.js';

export type Way = 'lock' | 'queue';

/** The same endpoint either way; which one it is, is a header. */
const HEADERS: Record<Way, Record<string, string>> = {
  lock: {},
  queue: { Prefer: 'respond-async' },
};

const TRIES = 10;

interface OrderingRush {
  readonly way: Way;
  readonly productId: string;
  readonly buyers: number;
  /** Between one buyer and the next. */
  readonly everyMs: number;
}

/**
 * Buyers who want one unit each of the same product and come one after another, to each instance by
 * turns, whether or not those before them were served.
 */
export async function rush(
  { urls, secret }: OrderingTrial,
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
  const wish = { items: [{ productId, quantity: 1 }] };
  const sentMs = performance.now();
  const answer = await ask(() => client.post(`${url}/v1/orders`, wish, HEADERS[way]));
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

/** On a slow machine some are told to come again: nothing was done, so they do. */
async function ask(post: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post();
    if (answer.status !== 503 || attempt === TRIES) return answer;
    await answer.body?.cancel();
    await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

/** The stream of a request ends with its settlement. */
async function settlement(client: ShopClient, url: string): Promise<string | undefined> {
  const stream = await client.get(url, { Accept: 'text/event-stream' });
  const last = [...(await stream.text()).matchAll(/^data: (.*)$/gm)].at(-1)?.[1];
  const { status, orderId, code } = JSON.parse(last ?? '{}');
  if (status === 'CONFIRMED') return orderId;
  if (status === 'REJECTED' && code === 'insufficient_stock') return undefined;
  throw new Error(`the stream ended with ${last}`);
}
