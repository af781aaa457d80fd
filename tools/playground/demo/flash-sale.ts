import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../test/support/api-client.js';
import { addProduct, orderOf, tally, withId } from '../../../test/support/shop.js';
import { clientOf, type Stage, say } from './stage.js';

const UNITS = 100;
const BUYERS = 1_000;
const TRIES = 10;

/** All buyers order one unit at the same moment, through nginx. */
export async function flashSale(
  stage: Stage,
  admin: ApiClient,
  instances: readonly ApiClient[],
): Promise<boolean> {
  say(`4. ${UNITS} units, and ${BUYERS.toLocaleString('en-US')} buyers at once, through nginx`);
  const id = await addProduct(admin, { stock: UNITS });
  const run = Date.now();
  const buyers = await Promise.all(
    Array.from({ length: BUYERS }, (_, i) => clientOf(stage, stage.proxy, `buyer-${run}-${i}`)),
  );
  const begun = performance.now();
  const answers = await Promise.all(buyers.map((buyer, i) => buy(buyer, id, `demo-${run}-${i}`)));
  const seconds = (performance.now() - begun) / 1_000;
  const { 201: sold = 0, 409: refused = 0, ...others } = tally(answers);
  const by = Map.groupBy(answers, ({ headers }) => headers.get('x-instance'));
  const shares = [...by].map(([name, { length }]) => `${name} answered ${length}`).sort();
  say(`   ${sold} sold, ${refused} refused in ${seconds.toFixed(1)} s (${shares.join(', ')})`);
  for (const [status, count] of Object.entries(others)) say(`   ${count} answered ${status}`);
  const stocks = await Promise.all(
    instances.map(({ api }) => api.GET('/v1/products/{id}/stock', withId(id))),
  );
  for (const { response, data } of stocks) {
    say(`   ${response.headers.get('x-instance')} says: ${data?.available} left`);
  }
  const isRight = sold === UNITS && stocks.every(({ data }) => data?.available === 0);
  say(`   oversold: ${Math.max(0, sold - UNITS)}, lost: ${Math.max(0, UNITS - sold)}`);
  return isRight;
}

/** Repeats a request that was refused because the product was busy, with the same key. */
async function buy(buyer: ApiClient, id: string, key: string): Promise<Response> {
  const params = { header: { 'Idempotency-Key': key } };
  for (let attempt = 1; ; attempt += 1) {
    const { response } = await buyer.api.POST('/v1/orders', { params, body: orderOf(id) });
    if (response.status !== 503 || attempt === TRIES) return response;
    await sleep(1_000 * Number(response.headers.get('retry-after') ?? 1));
  }
}
