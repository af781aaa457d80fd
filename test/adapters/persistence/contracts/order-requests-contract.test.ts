import { expect } from 'chai';
import { v7 } from 'uuid';
import type { DomainEvent } from '../../../../src/domain/events/domain-event.js';
import { OrderRequest } from '../../../../src/domain/orders/order-request.js';
import { ConcurrentUpdateError } from '../../../../src/domain/ports/failures.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { emptiedDatabase } from '../support/emptied-database.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

for (const kind of [memory, sqlite, mysql]) {
  describe(`Order requests and their outbox in ${kind.name}`, () => {
    const database = emptiedDatabase(kind);
    let db: Persistence;

    beforeEach(async () => {
      db = database();
    });

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function accept(): Promise<OrderRequest> {
      const items = [{ productId: v7(), quantity: 2 }];
      return transact(async (tx) => {
        const fields = { id: v7(), userId: 'alice', items };
        const request = await tx.orderRequests.save(OrderRequest.accept(fields, NOW));
        await tx.outbox.add('orders', [{ key: request.key, requestId: request.state.id }]);
        return request;
      });
    }

    const waiting = async () =>
      (await db.outbox.next('orders', 10)).map(({ message }) => message.requestId);

    async function takeOut(limit: number): Promise<void> {
      const entries = await db.outbox.next('orders', limit);
      await transact((tx) => tx.outbox.remove(entries));
    }

    it('return what was saved', async () => {
      const { state } = await accept();
      expect(await db.orderRequests.get(state.id)).to.deep.equal({ ...state, version: 1 });
      expect(await db.orderRequests.findMany([v7(), state.id])).to.have.length(1);
      const error = await rejection(db.orderRequests.get(v7()));
      expect(error).to.have.property('code', 'order_request_not_found');
    });

    it('are settled once when two processes settle them', async () => {
      const request = await accept();
      const settle = (as: OrderRequest) => transact((tx) => tx.orderRequests.save(as));
      await settle(request.reject('insufficient_stock'));
      const error = await rejection(settle(request.confirm(v7())));
      expect(error).to.be.instanceOf(ConcurrentUpdateError);
      const { id } = request.state;
      expect(await db.orderRequests.get(id)).to.include({
        status: 'REJECTED',
        code: 'insufficient_stock',
        orderId: null,
      });
    });

    it('are returned in the sequence of the requested ids, each once', async () => {
      const [a, b] = [await accept(), await accept()];
      const ids = [b.state.id, v7(), a.state.id, b.state.id];
      const found = await transact((tx) => tx.orderRequests.findMany(ids));
      expect(found.map(({ state }) => state.id)).to.deep.equal([b.state.id, a.state.id]);
    });

    it('are read from the outbox in the sequence of their arrival, until they are removed', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 4; i++) ids.push((await accept()).state.id);
      expect(await waiting()).to.deep.equal(ids);
      await takeOut(3);
      expect(await waiting()).to.deep.equal(ids.slice(3));
      await takeOut(3);
      const last = (await accept()).state.id;
      expect(await waiting()).to.deep.equal([last]);
    });

    it('are in the outbox only if their transaction commits', async () => {
      const failing = transact(async (tx) => {
        await tx.outbox.add('orders', [{ key: v7(), requestId: v7() }]);
        throw new Error('no');
      });
      await rejection(failing);
      expect(await waiting()).to.deep.equal([]);
    });

    it('have one relay at a time, until the lease of this relay ends or is released', async () => {
      const lease = (relay: string, ms: number) => ({ relay, now: later(ms), leaseMs: 100 });
      const claim = (relay: string, ms: number) =>
        transact((tx) => tx.outbox.claim('orders', lease(relay, ms)));
      const release = (relay: string, ms: number) =>
        transact((tx) => tx.outbox.release('orders', lease(relay, ms)));
      expect(await claim('a', 0)).to.equal(true);
      expect(await claim('a', 0)).to.equal(true);
      expect(await claim('b', 99)).to.equal(false);
      expect(await claim('a', 99)).to.equal(true);
      expect(await claim('b', 198)).to.equal(false);
      expect(await claim('b', 199)).to.equal(true);
      await release('a', 199);
      expect(await claim('a', 200)).to.equal(false);
      await release('b', 200);
      expect(await claim('a', 200)).to.equal(true);
    });

    it('have a channel that is empty only without messages of its own', async () => {
      const isEmpty = () => transact((tx) => tx.outbox.isEmpty('orders'));
      await transact((tx) => tx.outbox.add('events', [anEvent()]));
      expect(await isEmpty()).to.equal(true);
      await accept();
      expect(await isEmpty()).to.equal(false);
      await transact(async (tx) => tx.outbox.remove(await db.outbox.next('orders', 1)));
      expect(await isEmpty()).to.equal(true);
    });

    it('have another relay than the events', async () => {
      const lease = (relay: string) => ({ relay, now: NOW, leaseMs: 100 });
      expect(await transact((tx) => tx.outbox.claim('orders', lease('a')))).to.equal(true);
      expect(await transact((tx) => tx.outbox.claim('events', lease('b')))).to.equal(true);
      expect(await transact((tx) => tx.outbox.claim('events', lease('a')))).to.equal(false);
    });

    it('store and remove many large events at once', async () => {
      const events = Array.from({ length: 150 }, () => anEvent('x'.repeat(12_000)));
      await transact((tx) => tx.outbox.add('events', events));
      const entries = await db.outbox.next('events', 200);
      expect(entries.map(({ message }) => message)).to.deep.equal(events);
      await transact((tx) => tx.outbox.remove(entries));
      expect(await db.outbox.next('events', 1)).to.deep.equal([]);
    });

    it('are not read with the events, nor the events with them', async () => {
      const { state } = await accept();
      const event = anEvent();
      await transact((tx) => tx.outbox.add('events', [event, anEvent()]));
      await accept();
      expect(await waiting()).to.have.length(2);
      expect((await waiting())[0]).to.equal(state.id);
      const [first, ...others] = await db.outbox.next('events', 10);
      expect(first?.message).to.deep.equal(event);
      expect(others).to.have.length(1);
    });
  });
}

function anEvent(key = v7()): DomainEvent {
  const counts = { version: 3, available: 7, held: 2 };
  const data = { productId: key, ...counts, reason: 'held', quantity: 2 } as const;
  return { id: v7(), type: 'stock.changed', occurredAt: NOW.toISOString(), key, data };
}
