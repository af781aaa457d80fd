import { expect } from 'chai';
import { v7 } from 'uuid';
import { OrderRequest } from '../../../../src/domain/orders/order-request.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { emptiedDatabase } from '../support/emptied-database.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

for (const kind of [memory, sqlite, mysql]) {
  describe(`The upkeep of the queue in ${kind.name}`, () => {
    const database = emptiedDatabase(kind);
    let db: Persistence;

    beforeEach(async () => {
      db = database();
    });

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function accept(ms: number): Promise<OrderRequest> {
      const fields = { id: v7(), userId: 'alice', items: [{ productId: v7(), quantity: 1 }] };
      return transact(async (tx) => {
        const request = await tx.orderRequests.save(OrderRequest.accept(fields, at(ms)));
        await tx.outbox.add('orders', [{ key: request.key, requestId: request.state.id }]);
        return request;
      });
    }

    const settle = (request: OrderRequest) =>
      transact((tx) => tx.orderRequests.save(request.reject('insufficient_stock')));

    it('removes old settled requests, the oldest first, in small batches', async () => {
      const requests: OrderRequest[] = [];
      for (const ms of [30, 10, 20, 40, 0]) requests.push(await accept(ms));
      const [, , , , queued] = requests;
      for (const request of requests.slice(0, 4)) await settle(request);
      expect(await db.settledRequests.purge(at(40), 2)).to.equal(2);
      const left = async () => {
        const found = await db.orderRequests.findMany(requests.map(({ state }) => state.id));
        return found.map(({ createdAt }) => createdAt.getTime() - NOW.getTime()).sort();
      };
      expect(await left()).to.deep.equal([0, 30, 40]);
      expect(await db.settledRequests.purge(at(40), 2)).to.equal(1);
      expect(await db.settledRequests.purge(at(40), 2)).to.equal(0);
      expect(await left()).to.deep.equal([0, 40]);
      expect((await db.orderRequests.get(queued?.state.id ?? '')).status).to.equal('QUEUED');
    });

    it('counts the messages in the outbox, and returns the time of the oldest', async () => {
      const orders = () => db.backlog.measure('orders');
      expect(await orders()).to.deep.equal({ entries: 0, oldestAt: undefined });
      for (const ms of [10, 20, 30]) await accept(ms);
      expect(await orders()).to.deep.equal({ entries: 3, oldestAt: at(10) });
      const [first] = await db.outbox.next('orders', 1);
      await transact((tx) => tx.outbox.remove(first ? [first] : []));
      expect(await orders()).to.deep.equal({ entries: 2, oldestAt: at(20) });
      expect(await db.backlog.measure('events')).to.include({ entries: 0 });
    });
  });
}
