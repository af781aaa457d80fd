import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { Order } from '../../../../src/domain/orders/order.js';
import { ConcurrentUpdateError } from '../../../../src/domain/ports/failures.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import type { Due, Expiring } from '../../../../src/domain/reservations/ports.js';
import { Reservation } from '../../../../src/domain/reservations/reservation.js';
import { SweeperLease } from '../../../../src/domain/sweeping/sweeper-lease.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

for (const kind of [memory, sqlite, mysql]) {
  describe(`Reservations and expiries in ${kind.name}`, () => {
    let resources: AsyncDisposableStack;
    let db: Persistence;
    let productId: string;

    before(async () => {
      resources = new AsyncDisposableStack();
      db = await kind.open(resources);
      const fields = { id: v7(), sku: v7(), name: 'Tea', price: 5, category: 'tea' };
      const product = await transact((tx) => tx.products.save(Product.create(fields, NOW)));
      productId = product.state.id;
    });

    /** Rows of one case must not be due in the next case. */
    afterEach(async () => {
      const over = at(3_600_000);
      for (const { id } of await db.expiries.due('order', over, 100)) {
        await transact(async (tx) => tx.orders.save((await tx.orders.get(id)).cancel()));
      }
      for (const { id } of await db.expiries.due('reservation', over, 100)) {
        await transact(async (tx) => {
          const expired = (await tx.reservations.get(id)).expire(over);
          await tx.reservations.save(expired as Reservation);
        });
      }
    });

    after(() => resources.disposeAsync());

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function hold(ms = 1000): Promise<Reservation> {
      const fields = { id: v7(), userId: 'alice', productId, quantity: 2, unitPrice: 5 };
      return transact((tx) => tx.reservations.save(Reservation.hold(fields, NOW, ms)));
    }

    function order(windowMs = 1000, id = v7()): Promise<Order> {
      const items = [{ productId, quantity: 2, unitPrice: 5 }];
      const placed = Order.place({ id, userId: 'alice', items }, NOW, windowMs);
      return transact((tx) => tx.orders.save(placed));
    }

    const of = ({ state: { id, expiresAt } }: Reservation | Order): Due => ({ id, expiresAt });

    it('reads a reservation as it was saved, in a transaction and outside', async () => {
      const { state } = await hold();
      expect(state).to.include({ status: 'HELD', orderId: null, version: 1 });
      expect(await db.reservations.get(state.id)).to.deep.equal(state);
      const inside = await transact((tx) => tx.reservations.get(state.id));
      expect(inside.state).to.deep.equal(state);
    });

    it('names the missing reservation in its error', async () => {
      const id = v7();
      const inside = () => transact((tx) => tx.reservations.get(id));
      for (const ask of [() => db.reservations.get(id), inside]) {
        expect(await rejection(ask())).to.deep.include({
          code: 'reservation_not_found',
          details: { reservationId: id },
        });
      }
    });

    it('lets a reservation end in one way: the second of two changes is refused by its version', async () => {
      const held = await hold();
      const { state } = await order();
      await transact((tx) => tx.reservations.save(held.confirm(state.id, NOW)));
      for (const end of [held.release(), held.expire(at(1000))]) {
        const late = transact((tx) => tx.reservations.save(end as Reservation));
        expect(await rejection(late)).to.be.instanceOf(ConcurrentUpdateError);
      }
      const kept = await db.reservations.get(held.state.id);
      expect(kept).to.include({ status: 'CONFIRMED', orderId: state.id, version: 2 });
    });

    it('lets one of two transactions expire an order, and refuses the other', async () => {
      const pending = await order();
      await transact((tx) => tx.orders.save(pending.expire(at(1000)) as Order));
      const late = transact((tx) => tx.orders.save(pending.pay(NOW)));
      expect(await rejection(late)).to.be.instanceOf(ConcurrentUpdateError);
      expect(await db.orders.get(pending.state.id)).to.include({ status: 'EXPIRED', version: 2 });
    });

    for (const [what, add] of [
      ['reservation', hold],
      ['order', order],
    ] as const satisfies readonly [Expiring, unknown][]) {
      it(`finds each ${what} that is due, from the exact instant on, the oldest first`, async () => {
        const [late, early, twin] = [await add(30), await add(10), await add(10)];
        const due = (ms: number) => db.expiries.due(what, at(ms), 10);
        expect(await due(9)).to.deep.equal([]);
        expect(await due(10)).to.deep.equal([early, twin].map(of));
        expect(await due(30)).to.deep.equal([early, twin, late].map(of));
        expect(await db.expiries.next()).to.deep.equal(at(10));
      });

      it(`continues behind a ${what}, with any batch size`, async () => {
        const all = [await add(10), await add(10), await add(20), await add(20)].map(of);
        const found: Due[] = [];
        for (let last: Due | undefined; ; last = found.at(-1)) {
          const batch = await db.expiries.due(what, at(20), 1, last);
          if (batch.length === 0) break;
          found.push(...batch);
        }
        expect(found).to.deep.equal(all);
        expect(await db.expiries.due(what, at(20), 2, all[0])).to.deep.equal(all.slice(1, 3));
      });
    }

    it('finds no ended rows, and does not mix reservations with orders', async () => {
      expect(await db.expiries.next()).to.equal(undefined);
      const ended = await hold(10);
      const paid = await order(10);
      await transact((tx) => tx.reservations.save(ended.release() as Reservation));
      await transact((tx) => tx.orders.save(paid.pay(NOW)));
      const later = await hold(500);
      for (const what of ['order', 'reservation'] as const) {
        expect(await db.expiries.due(what, at(100), 10)).to.deep.equal([]);
      }
      expect(await db.expiries.next()).to.deep.equal(later.state.expiresAt);
      expect(await db.expiries.count('reservation')).to.equal(1);
      expect(await db.expiries.count('order')).to.equal(0);
      const sooner = await order(400);
      expect(await db.expiries.next()).to.deep.equal(sooner.state.expiresAt);
    });

    it('keeps a sweeper lease, which is vacant until a process takes it', async () => {
      const vacant = await transact((tx) => tx.sweeperLeases.get('expiry'));
      expect(vacant.state).to.include({ name: 'expiry', version: 0 });
      const taken = vacant.take('one', NOW, 1000) as SweeperLease;
      const saved = await transact((tx) => tx.sweeperLeases.save(taken));
      expect(saved.state).to.deep.include({ holder: 'one', until: at(1000), version: 1 });
      const found = await transact((tx) => tx.sweeperLeases.get('expiry'));
      expect(found.state).to.deep.equal(saved.state);
    });

    it('gives a sweeper lease to one of two processes that take it at once, the first time and later', async () => {
      const takeAll = async (lease: SweeperLease, now: Date) => {
        const [mine, theirs] = ['one', 'two'].map(
          (who) => lease.take(who, now, 10) as SweeperLease,
        );
        const saved = await transact((tx) => tx.sweeperLeases.save(mine as SweeperLease));
        const late = transact((tx) => tx.sweeperLeases.save(theirs as SweeperLease));
        expect(await rejection(late)).to.be.instanceOf(ConcurrentUpdateError);
        return saved;
      };
      const saved = await takeAll(SweeperLease.vacant('another'), NOW);
      const again = await takeAll(saved, at(10));
      expect(again.state).to.include({ holder: 'one', version: 2 });
    });
  });
}
