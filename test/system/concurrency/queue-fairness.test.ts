import { expect } from 'chai';
import { QueryTypes, type Sequelize } from 'sequelize';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient, ApiResponse } from '../../support/api-client.js';
import { servers, serversWithKafka } from '../../support/backends.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';
import { startTestService } from '../../support/test-service.js';
import { openDatabase } from './support/open-database.js';

const WAIT = { withinMs: 60_000 };
const MANY = 300;
const TOGETHER = 30;
/**
 * Most orders that are settled together: those that are being settled when an order arrives, and
 * those of its own batch.
 */
const BATCH = 64;

for (const { backend, leavesOutbox } of [
  { backend: servers, leavesOutbox: false },
  { backend: serversWithKafka, leavesOutbox: true },
]) {
  describe(`The queue on ${backend.name}`, function () {
    this.timeout(120_000);

    it(`settles one customer's order after a few of the ${MANY} earlier orders of another customer`, async () => {
      await using service = await startTestService(backend);
      await using database = openDatabase(service.env);
      const productId = await addProduct(service.admin, { stock: 1_000 });
      const [greedy, modest] = [await service.customer('greedy'), await service.customer('modest')];
      const gate = await lockStock(database.sequelize, productId);
      try {
        await queueMany(greedy, productId);
        if (leavesOutbox) await eventually(() => expectEmptyOutbox(database.sequelize), WAIT);
        await queue(modest, productId);
        if (leavesOutbox) await eventually(() => expectEmptyOutbox(database.sequelize), WAIT);
      } finally {
        await gate.open();
      }
      await eventually(async () => {
        const orders = await readAll<{ id: string }>(greedy, '/v1/orders');
        expect(orders).to.have.length(MANY);
      }, WAIT);
      const others = await readAll<{ id: string }>(greedy, '/v1/orders');
      const [own] = await readAll<{ id: string }>(modest, '/v1/orders');
      // One process settles the orders of the product, so its order ids rise.
      const before = others.filter(({ id }) => id < (own?.id ?? '')).length;
      expect(before).to.be.at.most(2 * BATCH);
    });
  });
}

async function queue(client: ApiClient, productId: string): Promise<ApiResponse> {
  const answer = await client.post('/v1/orders', orderOf(productId), { Prefer: 'respond-async' });
  expect(answer.status).to.equal(202);
  return answer;
}

async function queueMany(client: ApiClient, productId: string): Promise<void> {
  for (let queued = 0; queued < MANY; queued += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, () => queue(client, productId)));
  }
}

/** The settling consumer waits and retries until the gate is opened. */
async function lockStock(sequelize: Sequelize, productId: string) {
  const transaction = await sequelize.transaction();
  await sequelize.query('SELECT * FROM stocks WHERE product_id = ? FOR UPDATE', {
    replacements: [productId],
    transaction,
  });
  return { open: () => transaction.rollback() };
}

async function expectEmptyOutbox(sequelize: Sequelize): Promise<void> {
  const count = "SELECT COUNT(*) AS n FROM outbox WHERE channel = 'orders'";
  const [row] = await sequelize.query<{ n: number }>(count, { type: QueryTypes.SELECT });
  expect(Number(row?.n)).to.equal(0);
}
