import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { Order } from '../../../../src/domain/orders/order.js';
import { OrderRequest } from '../../../../src/domain/orders/order-request.js';
import { ConcurrentUpdateError } from '../../../../src/domain/ports/failures.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { Reservation } from '../../../../src/domain/reservations/reservation.js';
import { Stock } from '../../../../src/domain/stock/stock.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { emptiedDatabase } from '../support/emptied-database.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const MINUTE = 60_000;
const COUNTED = ['unpaidOrders', 'holds', 'units'] as const;
/** A user id may contain characters with a meaning in SQL or in a client. */
const ODD_USER = "o'dd:userId\\$1?%_";

for (const kind of [memory, sqlite, mysql]) {
  describe(`Slots and claims in ${kind.name}`, () => {
    const database = emptiedDatabase(kind);
    let db: Persistence;
    let tea: string;
    let coffee: string;

    beforeEach(async () => {
      db = database();
      [tea, coffee] = [await add(), await add()];
    });

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function add(): Promise<string> {
      const id = v7();
      const fields = { id, sku: id, name: 'Thing', price: 1, category: 'test' };
      return transact(async (tx) => {
        await tx.products.save(Product.create(fields, NOW));
        await tx.stocks.save(Stock.open(id, 100));
        return id;
      });
    }

    function order(slot: number, quantities: Record<string, number>, userId = ODD_USER) {
      const items = Object.entries(quantities).map(([productId, quantity]) => {
        return { productId, quantity, unitPrice: 1 };
      });
      const placed = Order.place({ id: v7(), userId, items }, NOW, MINUTE, slot);
      return transact((tx) => tx.orders.save(placed));
    }

    function hold(slot: number, productId: string, quantity: number, userId = ODD_USER) {
      const fields = { id: v7(), userId, productId, quantity, unitPrice: 1 };
      const held = Reservation.hold(fields, NOW, MINUTE, slot);
      return transact((tx) => tx.reservations.save(held));
    }

    function request(slot: number, userId = ODD_USER) {
      const fields = { id: v7(), userId, items: [{ productId: tea, quantity: 1 }] };
      return transact((tx) => tx.orderRequests.save(OrderRequest.accept(fields, NOW, slot)));
    }

    const open = (userId = ODD_USER) =>
      transact(async (tx) => {
        const productIds = [tea, coffee].sort();
        const offers = await tx.stocks.offers([{ userId, productIds }], COUNTED);
        const stocks = offers.of(productIds).map(({ stock }) => stock);
        const units = await tx.stocks.getOpenUnits(userId, productIds);
        return { stocks, claims: offers.claimsOf(userId), units };
      });

    async function expectOpen(orders: number[], holds: number[], teas: number, coffees: number) {
      const { stocks, claims, units } = await open();
      expect(stocks.map(({ state }) => state)).to.deep.equal(
        [tea, coffee].sort().map((productId) => {
          return { productId, available: 100, held: 0, version: 1 };
        }),
      );
      expect([...claims.unpaidOrders].sort()).to.deep.equal(orders);
      expect([...claims.holds].sort()).to.deep.equal(holds);
      expect(units.get(tea) ?? 0).to.equal(teas);
      expect(units.get(coffee) ?? 0).to.equal(coffees);
      expect(claims.units).to.be.within(Math.max(teas, coffees), 21);
    }

    it('are counted while an order or a reservation is open, and not after', async () => {
      const [one, two] = [await order(3, { [tea]: 2, [coffee]: 5 }), await order(1, { [tea]: 1 })];
      const [three, four] = [await hold(7, tea, 4), await hold(2, coffee, 8)];
      await order(3, { [tea]: 50 }, 'another');
      await hold(7, tea, 50, 'another');
      await expectOpen([1, 3], [2, 7], 7, 13);
      await transact((tx) => tx.orders.save(one.pay(NOW)));
      const released = four.release();
      if (released) await transact((tx) => tx.reservations.save(released));
      await expectOpen([1], [7], 5, 0);
      await transact((tx) => tx.orders.save(two.cancel()));
      const expired = three.expire(new Date(NOW.getTime() + MINUTE));
      if (expired) await transact((tx) => tx.reservations.save(expired));
      await expectOpen([], [], 0, 0);
    });

    it('name the first product that is missing', async () => {
      const missing = v7();
      const productIds = [tea, missing];
      const read = transact(async (tx) => {
        const offers = await tx.stocks.offers([{ userId: 'alice', productIds }], COUNTED);
        return offers.of(productIds);
      });
      expect(await rejection(read)).to.deep.include({
        code: 'product_not_found',
        details: { productId: missing },
      });
    });

    it('are read only for the products that were requested', async () => {
      await order(1, { [tea]: 1 });
      const buyers = [{ userId: ODD_USER, productIds: [tea] }];
      const offers = await transact((tx) => tx.stocks.offers(buyers, []));
      expect(offers.one(tea)).to.deep.include({ price: 1 });
    });

    it('are counted for each of several customers', async () => {
      await order(3, { [tea]: 2 });
      await order(4, { [tea]: 5, [coffee]: 1 }, 'another');
      const buyers = [
        { userId: ODD_USER, productIds: [tea] },
        { userId: 'another', productIds: [coffee, tea] },
        { userId: 'a third', productIds: [tea] },
      ];
      const offers = await transact((tx) => tx.stocks.offers(buyers, COUNTED));
      const claims = buyers.map(({ userId }) => offers.claimsOf(userId));
      expect(claims.map(({ unpaidOrders }) => unpaidOrders)).to.deep.equal([[3], [4], []]);
      expect(claims.map(({ units }) => units)).to.deep.equal([2, 5, 0]);
    });

    it('belong to one open order or reservation at a time', async () => {
      const takers = {
        order: () => order(1, { [tea]: 1 }),
        reservation: () => hold(1, tea, 1),
        'order request': () => request(1),
      };
      for (const [what, take] of Object.entries(takers)) {
        await take();
        const error = await rejection(take());
        expect(error, what).to.be.instanceOf(ConcurrentUpdateError);
      }
      await order(1, { [tea]: 1 }, 'another');
    });

    it('of queued requests are free again when the request is settled', async () => {
      const slots = () => transact((tx) => tx.orderRequests.queuedSlots(ODD_USER));
      const [one, two] = [await request(4), await request(9)];
      await request(4, 'another');
      expect((await slots()).sort()).to.deep.equal([4, 9]);
      await transact((tx) => tx.orderRequests.save(one.confirm(v7())));
      expect(await slots()).to.deep.equal([9]);
      await transact((tx) => tx.orderRequests.save(two.reject('insufficient_stock')));
      expect(await slots()).to.deep.equal([]);
      await request(4);
    });
  });
}
