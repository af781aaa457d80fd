import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient } from '../../../support/api-client.js';
import { Random } from '../support/random.js';
import type { BuyerOrder, BuyerSetting } from './buyer.js';

const ITEMS = 100;
const QUEUED = { Prefer: 'respond-async' };

// A separate process, so that the work of writing the orders does not delay the other customer.
process.once('message', async ({ url, env, products, seed }: BuyerSetting) => {
  const client = await ApiClient.of(url, env, 'buyer');
  const random = new Random(seed);
  process.on('message', async ({ orders, kind }: BuyerOrder) => {
    const pick = () =>
      kind === 'known'
        ? random.shuffled(products).slice(0, ITEMS)
        : Array.from({ length: ITEMS }, () => randomUUID());
    try {
      await order(
        client,
        Array.from({ length: orders }, () => pick()),
      );
      process.send?.({});
    } catch (error) {
      process.send?.({ failed: String(error) });
    }
  });
  process.send?.({});
});

/** Resolves when all are settled. */
async function order(client: ApiClient, orders: readonly (readonly string[])[]): Promise<void> {
  const answers = await Promise.all(
    orders.map((products) => {
      const items = products.map((productId) => ({ productId, quantity: 1 }));
      return client.post('/v1/orders', { items }, QUEUED);
    }),
  );
  for (const { status, headers } of answers) {
    expect(status).to.equal(202);
    const path = headers.get('location') ?? '';
    // Rarely, because these requests cost the other customer time too.
    await eventually(
      async () => expect((await client.get(path)).body.status).not.to.equal('QUEUED'),
      { withinMs: 120_000, everyMs: 100 },
    );
  }
}
