import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { IdempotencyRecordExistsError } from '../../../../src/domain/idempotency/idempotency-records.js';
import { Order } from '../../../../src/domain/orders/order.js';
import { Payment } from '../../../../src/domain/payments/payment.js';
import { ConcurrentUpdateError } from '../../../../src/domain/ports/failures.js';
import type { OpenTransaction } from '../../../../src/domain/ports/transaction-port.js';
import { Stock } from '../../../../src/domain/stock/stock.js';
import { MAX_POINTS } from '../../../../src/domain/wallets/points.js';
import { Wallet } from '../../../../src/domain/wallets/wallet.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const LATER = new Date('2026-01-03T03:04:05.679Z');

for (const kind of [memory, sqlite, mysql]) {
  describe(`Persistence in ${kind.name}`, () => {
    let resources: AsyncDisposableStack;
    let db: Persistence;

    before(async () => {
      resources = new AsyncDisposableStack();
      db = await kind.open(resources);
    });

    after(() => resources.disposeAsync());

    const transact = <T>(work: (tx: OpenTransaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function newProduct(fields: { sku?: string; price?: number; category?: string } = {}): Product {
      const id = v7();
      const { sku = `S${id}`, price = 5, category = 'tea' } = fields;
      return Product.create({ id, sku, name: '녹차 🍵 tea', price, category }, NOW);
    }

    async function addProduct(units = 10): Promise<string> {
      return transact(async (tx) => {
        const { state } = await tx.products.save(newProduct());
        await tx.stocks.save(Stock.open(state.id, units));
        return state.id;
      });
    }

    async function addOrder(userId: string, productId: string): Promise<Order> {
      const items = [{ productId, quantity: 2, unitPrice: 5 }];
      return transact((tx) => tx.orders.save(Order.place({ id: v7(), userId, items }, NOW, 1000)));
    }

    it('reads a product as it was saved, in a transaction and outside', async () => {
      const saved = await transact((tx) => tx.products.save(newProduct({ price: MAX_POINTS })));
      expect(saved.state.version).to.equal(1);
      expect(await db.products.get(saved.state.id)).to.deep.equal(saved.state);
      const inside = await transact((tx) => tx.products.get(saved.state.id));
      expect(inside.state).to.deep.equal(saved.state);
    });

    it('increases the version with every save', async () => {
      const saved = await transact((tx) => tx.products.save(newProduct()));
      const revised = saved.revise({ name: 'Other' }, LATER);
      const again = await transact((tx) => tx.products.save(revised));
      expect(again.state).to.deep.include({ version: 2, name: 'Other', updatedAt: LATER });
      expect(await db.products.get(saved.state.id)).to.deep.equal(again.state);
    });

    it('refuses to save over a change that it has not seen', async () => {
      const productId = await addProduct();
      const seen = await transact((tx) => tx.stocks.get(productId));
      await transact((tx) => tx.stocks.save(seen.take(1)));
      const late = await rejection(transact((tx) => tx.stocks.save(seen.take(2))));
      expect(late).to.be.instanceOf(ConcurrentUpdateError);
      expect(await db.stocks.get(productId)).to.include({ available: 9, version: 2 });
    });

    it('saves many stocks in one statement, and none of them when one has changed', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 100; i++) ids.push(await addProduct());
      const seen = await transact((tx) => tx.stocks.getMany(ids));
      const taken = seen.map((stock, i) => stock.take(i % 10).hold(1));
      const saved = await transact((tx) => tx.stocks.saveMany(taken));
      for (const [i, productId] of ids.entries()) {
        const expected = { productId, available: 9 - (i % 10), held: 1, version: 2 };
        expect(saved[i]?.state).to.deep.equal(expected);
        expect(await db.stocks.get(productId)).to.deep.equal(expected);
      }
      const late = seen.slice(0, 2).map((stock) => stock.take(1));
      const [one] = await transact((tx) => tx.stocks.getMany(ids.slice(2, 3)));
      const mixed = [...late, ...(one ? [one.free(1)] : [])];
      const rest = await transact((tx) => tx.stocks.getMany(ids.slice(3)));
      const many = [...mixed, ...rest.map((stock) => stock.free(1))];
      for (const refused of [mixed, many]) {
        const refusal = await rejection(transact((tx) => tx.stocks.saveMany(refused)));
        expect(refusal).to.be.instanceOf(ConcurrentUpdateError);
      }
      expect(await db.stocks.get(ids[2] ?? '')).to.include({ held: 1, version: 2 });
      expect(await transact((tx) => tx.stocks.saveMany([]))).to.deep.equal([]);
    });

    it('stores nothing of a transaction that was rolled back', async () => {
      const product = newProduct();
      const failed = transact(async (tx) => {
        await tx.products.save(product);
        await tx.stocks.save(Stock.open(product.state.id, 1));
        throw new Error('no');
      });
      expect(await rejection(failed)).to.have.property('message', 'no');
      const missing = await rejection(db.products.get(product.state.id));
      expect(missing).to.have.property('code', 'product_not_found');
    });

    it('shows others nothing before the commit', async () => {
      const product = newProduct();
      const tx = await db.transactions.begin();
      await tx.products.save(product);
      const early = await rejection(db.products.get(product.state.id));
      expect(early).to.have.property('code', 'product_not_found');
      await tx.commit();
      expect((await db.products.get(product.state.id)).id).to.equal(product.state.id);
    });

    it('refuses a sku that another product has', async () => {
      const { state } = await transact((tx) => tx.products.save(newProduct()));
      const twin = newProduct({ sku: state.sku });
      const error = await rejection(transact((tx) => tx.products.save(twin)));
      expect(error).to.have.property('code', 'sku_taken');
    });

    it('distinguishes skus that differ only in case', async () => {
      const sku = `aB-${v7()}`;
      await transact((tx) => tx.products.save(newProduct({ sku })));
      const other = newProduct({ sku: sku.toUpperCase() });
      expect((await transact((tx) => tx.products.save(other))).state.version).to.equal(1);
    });

    it('returns products and stocks in the sequence of the requested ids, or names the missing one', async () => {
      const ids = [await addProduct(1), await addProduct(2)].reverse();
      await transact(async (tx) => {
        expect((await tx.products.getMany(ids)).map(({ state }) => state.id)).to.deep.equal(ids);
        const stocks = await tx.stocks.getMany(ids);
        expect(stocks.map(({ state }) => state.available)).to.deep.equal([2, 1]);
        const missing = v7();
        const error = await rejection(tx.stocks.getMany([...ids, missing]));
        expect(error).to.deep.include({ details: { productId: missing } });
      });
    });

    it('lists products by category, page by page', async () => {
      const category = `c-${v7()}`;
      const saved: string[] = [];
      for (let i = 0; i < 5; i++) {
        const product = await transact((tx) => tx.products.save(newProduct({ category })));
        saved.push(product.state.id);
      }
      const first = await db.products.list({ limit: 3 }, category);
      expect(first.items.map(({ id }) => id)).to.deep.equal(saved.slice(0, 3));
      expect(first.nextAfter).to.equal(saved[2]);
      const after = first.nextAfter ?? undefined;
      const second = await db.products.list({ limit: 3, after }, category);
      expect(second.items.map(({ id }) => id)).to.deep.equal(saved.slice(3));
      expect(second.nextAfter).to.equal(null);
      const whole = await db.products.list({ limit: 5 }, category);
      expect(whole.nextAfter).to.equal(null);
    });

    it('opens a wallet with its first charge and keeps its ledger', async () => {
      const userId = `u-${v7()}`;
      expect(await db.wallets.get(userId)).to.deep.equal({ userId, balance: 0, version: 0 });
      const charge = Wallet.open(userId).charge(100, v7(), NOW);
      const wallet = await transact((tx) => tx.wallets.save(charge));
      expect(wallet.state).to.deep.equal({ userId, balance: 100, version: 1 });
      expect(await db.wallets.get(userId)).to.deep.equal(wallet.state);
      const next = wallet.charge(5, v7(), LATER);
      await transact((tx) => tx.wallets.save(next));
      const ledger = await db.wallets.entries(userId, { limit: 10 });
      expect(ledger.items).to.deep.equal([next.entry, charge.entry]);
    });

    it('opens a wallet once when two first charges run at the same time, and the second is tried again', async () => {
      const userId = `u-${v7()}`;
      const wallet = Wallet.open(userId);
      await transact((tx) => tx.wallets.save(wallet.charge(1, v7(), NOW)));
      const second = transact((tx) => tx.wallets.save(wallet.charge(2, v7(), NOW)));
      expect(await rejection(second)).to.be.instanceOf(ConcurrentUpdateError);
      expect((await db.wallets.get(userId)).balance).to.equal(1);
    });

    it('reads an order with its items, and lists the newest first', async () => {
      const userId = `u-${v7()}`;
      const productId = await addProduct();
      const orders = [await addOrder(userId, productId), await addOrder(userId, productId)];
      const [older, newer] = orders.map(({ state }) => state);
      expect(await db.orders.get(older?.id ?? '')).to.deep.equal(older);
      const inside = await transact((tx) => tx.orders.get(older?.id ?? ''));
      expect(inside.state).to.deep.equal(older);
      const page = await db.orders.list(userId, { limit: 10 });
      expect(page.items).to.deep.equal([newer, older]);
      const first = await db.orders.list(userId, { limit: 1 });
      expect(first).to.deep.equal({ items: [newer], nextAfter: newer?.id });
    });

    it('saves a new status of an order, and keeps its items', async () => {
      const order = await addOrder(`u-${v7()}`, await addProduct());
      const paid = await transact((tx) => tx.orders.save(order.pay(NOW)));
      expect(paid.state).to.deep.include({ status: 'PAID', version: 2 });
      expect(await db.orders.get(order.state.id)).to.deep.equal(paid.state);
    });

    it('accepts one payment and one refund for each order', async () => {
      const userId = `u-${v7()}`;
      const { state } = await addOrder(userId, await addProduct());
      const capture = () =>
        Payment.capture({
          id: v7(),
          orderId: state.id,
          userId,
          method: 'points',
          amount: 10,
          createdAt: NOW,
        });
      const payment = await transact((tx) => tx.payments.save(capture()));
      const twin = await rejection(transact((tx) => tx.payments.save(capture())));
      expect(twin).to.be.instanceOf(ConcurrentUpdateError);
      const found = await transact((tx) => tx.payments.findByOrder(state.id));
      expect(found?.state).to.deep.equal(payment.state);
      await transact((tx) => tx.payments.save(payment.refund()));
      const again = await rejection(transact((tx) => tx.payments.save(payment.refund())));
      expect(again).to.be.instanceOf(ConcurrentUpdateError);
    });

    it('writes a payment of an order into the ledger once', async () => {
      const userId = `u-${v7()}`;
      const { state } = await addOrder(userId, await addProduct());
      const charged = Wallet.open(userId).charge(100, v7(), NOW);
      const wallet = await transact((tx) => tx.wallets.save(charged));
      const paid = wallet.pay(10, state.id, v7(), NOW);
      const after = await transact((tx) => tx.wallets.save(paid));
      const twice = transact((tx) => tx.wallets.save(after.pay(10, state.id, v7(), NOW)));
      expect(await rejection(twice)).to.be.instanceOf(ConcurrentUpdateError);
      expect((await db.wallets.get(userId)).balance).to.equal(90);
    });

    it('writes many orders, wallets and payments, and none of a table when one of its rows has changed', async () => {
      const productId = await addProduct();
      const users = [v7(), v7()];
      const orders = await Promise.all(users.map((userId) => addOrder(userId, productId)));
      const paid = orders.map(({ state }) => {
        const { version: readVersion } = state;
        return {
          state: { ...state, status: 'PAID' as const, version: readVersion + 1 },
          readVersion,
        };
      });
      const charges = users.map((userId) => Wallet.open(userId).charge(7, v7(), NOW));
      const wallets = charges.map(({ wallet: { state } }) => {
        return { state: { ...state, version: 1 }, readVersion: 0 };
      });
      const entries = charges.map(({ entry }) => entry);
      const payments = orders.map(({ state: { id: orderId, userId } }) => {
        const fields = { id: v7(), orderId, userId, method: 'points' as const, amount: 10 };
        const { state } = Payment.capture({ ...fields, createdAt: NOW });
        return { state: { ...state, version: 1 }, readVersion: 0 };
      });
      const write = () =>
        transact(async (tx) => {
          await tx.orders.replaceMany(paid);
          await tx.wallets.moveMany(wallets, entries);
          await tx.payments.replaceMany(payments);
        });
      await write();
      const ids = orders.map(({ state }) => state.id);
      await transact(async (tx) => {
        const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
        const found = (await tx.orders.findMany([...ids, v7()])).map(({ state }) => state);
        expect(found.sort(byId)).to.deep.equal(paid.map(({ state }) => state).sort(byId));
        const captured = (await tx.payments.findByOrders([...ids, v7()])).map(({ state }) => state);
        expect(captured.sort(byId)).to.deep.equal(payments.map(({ state }) => state).sort(byId));
        const opened = (await tx.wallets.getMany([...users, v7()])).map(({ state }) => state);
        expect(opened).to.have.deep.members(wallets.map(({ state }) => state));
      });
      const [order, wallet, payment] = [paid[0], wallets[0], payments[0]];
      if (!order || !wallet || !payment) throw new Error('nothing was written');
      const late = { state: { ...wallet.state, version: 3 }, readVersion: 2 };
      const other = { state: { ...payment.state, id: v7() }, readVersion: 0 };
      const refused = [
        transact((tx) => tx.orders.replaceMany([order])),
        transact((tx) => tx.wallets.moveMany([wallet], [])),
        transact((tx) => tx.wallets.moveMany([late], [])),
        transact((tx) => tx.payments.replaceMany([other])),
        transact((tx) => tx.payments.replaceMany([{ ...payment, readVersion: 2 }])),
      ];
      for (const each of refused) {
        expect(await rejection(each)).to.be.instanceOf(ConcurrentUpdateError);
      }
      for (const { state } of wallets) {
        expect(await db.wallets.get(state.userId)).to.deep.equal(state);
      }
    });

    it('keeps an idempotency record until it expires, then accepts another', async () => {
      const key = { scope: 'alice', key: v7(), fingerprint: 'f'.repeat(64) };
      const add = (value: number, expiresAt: Date) =>
        transact((tx) => tx.idempotencyRecords.add([{ key, outcome: { value }, expiresAt }]));
      await add(1, LATER);
      const { fingerprint } = key;
      const found = await db.idempotencyRecords.find(key, NOW);
      expect(found).to.deep.include({ fingerprint, outcome: { value: 1 } });
      expect(await rejection(add(2, LATER))).to.be.instanceOf(IdempotencyRecordExistsError);
      expect(await db.idempotencyRecords.find(key, LATER)).to.equal(undefined);
      await add(3, new Date(LATER.getTime() + 1));
      expect(await db.idempotencyRecords.find(key, LATER)).to.deep.include({
        outcome: { value: 3 },
      });
    });

    it('purges expired idempotency records and no others', async () => {
      const old = { scope: 'bob', key: v7(), fingerprint: 'f'.repeat(64) };
      const fresh = { ...old, key: v7() };
      const earlier = new Date(NOW.getTime() - 1);
      await transact((tx) =>
        tx.idempotencyRecords.add([{ key: old, outcome: { value: 1 }, expiresAt: NOW }]),
      );
      await transact((tx) =>
        tx.idempotencyRecords.add([{ key: fresh, outcome: { value: 2 }, expiresAt: LATER }]),
      );
      expect(await db.idempotencyRecords.purge(NOW)).to.equal(1);
      expect(await db.idempotencyRecords.find(old, earlier)).to.equal(undefined);
      expect(await db.idempotencyRecords.find(fresh, NOW)).to.deep.include({
        outcome: { value: 2 },
      });
    });
  });
}
