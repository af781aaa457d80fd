import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { Order } from '../../../../src/domain/orders/order.js';
import { CardPayment } from '../../../../src/domain/payments/card-payment.js';
import { ConcurrentUpdateError } from '../../../../src/domain/ports/failures.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

for (const kind of [memory, sqlite, mysql]) {
  describe(`Card payments in ${kind.name}`, () => {
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

    /** Payments of one case must not be due in the next case. */
    afterEach(async () => {
      for (const { id } of await db.cardPayments.due(at(3_600_000), 100)) {
        await change(id, (payment) => payment.decline().captured().voided().refunded());
      }
    });

    after(() => resources.disposeAsync());

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    const save = (payment: CardPayment) => transact((tx) => tx.cardPayments.save(payment));

    function change(id: string, next: (payment: CardPayment) => CardPayment): Promise<CardPayment> {
      return transact(async (tx) => tx.cardPayments.save(next(await tx.cardPayments.get(id))));
    }

    async function order(): Promise<string> {
      const items = [{ productId, quantity: 1, unitPrice: 5 }];
      const placed = Order.place({ id: v7(), userId: 'alice', items }, NOW, 1000);
      return (await transact((tx) => tx.orders.save(placed))).state.id;
    }

    async function start(claimMs = 100, orderId?: string): Promise<CardPayment> {
      const of = orderId ?? (await order());
      const fields = { id: v7(), orderId: of, userId: 'alice', amount: 5 };
      return save(CardPayment.start(fields, NOW, claimMs));
    }

    it('reads a payment as it was saved, in a transaction and outside', async () => {
      const { state } = await start();
      expect(state).to.include({ status: 'STARTED', refusal: null, paidAt: null, version: 1 });
      for (const next of [
        (payment: CardPayment) => payment.confirm(at(1), 2),
        (payment: CardPayment) => payment.cancel(at(2)),
        (payment: CardPayment) => payment.postpone(at(3)),
        (payment: CardPayment) => payment.voided(),
      ]) {
        const changed = (await change(state.id, next)).state;
        expect(await db.cardPayments.get(state.id)).to.deep.equal(changed);
        const inside = await transact((tx) => tx.cardPayments.get(state.id));
        expect(inside.state).to.deep.equal(changed);
      }
    });

    it('refuses to save over a change that it has not seen', async () => {
      const payment = await start();
      await save(payment.decline());
      expect(await rejection(save(payment.confirm(NOW, 2)))).to.be.instanceOf(
        ConcurrentUpdateError,
      );
    });

    it('names the missing payment in its error', async () => {
      const id = v7();
      expect(String(await rejection(db.cardPayments.get(id)))).to.include(id);
      expect(String(await rejection(change(id, (payment) => payment)))).to.include(id);
    });

    it('allows one open payment for each order, and another when no money is held any more', async () => {
      const payment = await start();
      const { orderId } = payment.state;
      expect(await rejection(start(100, orderId))).to.be.instanceOf(ConcurrentUpdateError);
      const find = () => transact((tx) => tx.cardPayments.findLive(orderId));
      expect((await find())?.state).to.deep.equal(payment.state);
      const voiding = await save(payment.giveUp('not_reached'));
      expect(await rejection(start(100, orderId))).to.be.instanceOf(ConcurrentUpdateError);
      await save(voiding.voided());
      expect(await find()).to.equal(undefined);
      const next = await start(100, orderId);
      expect((await find())?.state.id).to.equal(next.state.id);
    });

    it('finds payments that are due, the longest overdue first, and no settled ones', async () => {
      expect(await db.cardPayments.nextDue()).to.equal(undefined);
      const [late, early, settled] = [await start(300), await start(200), await start(100)];
      await save(settled.decline());
      expect(await db.cardPayments.nextDue()).to.deep.equal(at(200));
      const idsAt = async (ms: number, limit = 10) =>
        (await db.cardPayments.due(at(ms), limit)).map(({ id }) => id);
      expect(await idsAt(199)).to.deep.equal([]);
      expect(await idsAt(200)).to.deep.equal([early.state.id]);
      expect(await idsAt(300)).to.deep.equal([early.state.id, late.state.id]);
      expect(await idsAt(300, 1)).to.deep.equal([early.state.id]);
    });

    it('counts open payments by status', async () => {
      await start();
      await save((await start()).giveUp('not_reached'));
      await save((await start()).giveUp('order_not_payable'));
      await save((await start()).decline());
      expect([...(await db.cardPayments.open())]).to.have.deep.members([
        ['STARTED', 1],
        ['VOIDING', 2],
      ]);
    });
  });
}
