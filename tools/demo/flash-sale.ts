import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ApiClient } from '../../test/support/api-client.js';
import { addProduct, orderOf, tally } from '../../test/support/shop.js';
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
  const stocks = await Promise.all(instances.map((each) => each.get(`/v1/products/${id}/stock`)));
  for (const { headers, body } of stocks) {
    say(`   ${headers.get('x-instance')} says: ${body.available} left`);
  }
  const isRight = sold === UNITS && stocks.every(({ body }) => body.available === 0);
  say(`   oversold: ${Math.max(0, sold - UNITS)}, lost: ${Math.max(0, UNITS - sold)}`);
  return isRight;
}

/** Orders once; after a 503 it tries again with the same idempotency key. */
async function buy(buyer: ApiClient, id: string, key: string): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await buyer.post('/v1/orders', orderOf(id), { 'Idempotency-Key': key });
    if (answer.status !== 503 || attempt === TRIES) return answer;
    await sleep(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}
