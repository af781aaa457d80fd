import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { Order } from '../../../../src/domain/orders/order.js';
import { OrderRequest } from '../../../../src/domain/orders/order-request.js';
import { CardPayment } from '../../../../src/domain/payments/card-payment.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { Reservation } from '../../../../src/domain/reservations/reservation.js';
import { SweeperLease } from '../../../../src/domain/sweeping/sweeper-lease.js';
import { Wallet } from '../../../../src/domain/wallets/wallet.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const LATER = new Date('2026-01-03T03:04:05.678Z');

/** Texts with a meaning in SQL, in Sequelize, in a driver or in a collation. */
const WORDS = [
  'joe.$mith',
  '$$',
  '$1',
  '$2 $1 $0',
  '$bind',
  "'$1'",
  "\\'$1",
  '?',
  '??',
  ':from',
  '::id',
  ':limit ? $1',
  "'",
  "''",
  "o'brien",
  '"',
  '`',
  '`id`=`id`',
  '\\',
  '\\\\',
  "\\'",
  "' OR 1=1 -- ",
  "'); DROP TABLE products;--",
  '%',
  '_',
  '/* */',
  '-- x',
  '{"$gt":1}',
  '$5$',
  'null',
  '한국어 $x',
  '🍵$1?',
  'é',
  'e\u0301',
  'ſ',
  'ß',
] as const;

/** Different texts, although a collation may treat them as equal. */
const TOLD_APART = ['alice', 'Alice', 'ALICE', 'älice', 'alicé', '$alice', 'ａlice'] as const;

for (const kind of [memory, sqlite, mysql]) {
  describe(`Unusual text in ${kind.name}`, () => {
    let resources: AsyncDisposableStack;
    let db: Persistence;

    before(async () => {
      resources = new AsyncDisposableStack();
      db = await kind.open(resources);
    });

    after(() => resources.disposeAsync());

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    async function addProduct(text: { sku?: string; name?: string; category?: string } = {}) {
      const id = v7();
      const fields = { id, sku: id, name: 'Tea', price: 5, category: 'tea', ...text };
      return transact((tx) => tx.products.save(Product.create(fields, NOW)));
    }

    const likesOf = async (id: string) => (await db.products.get(id)).likes;

    async function count(): Promise<void> {
      const likes = await db.likes.uncounted(1000);
      await transact((tx) => tx.likes.count(likes));
    }

    for (const word of WORDS) {
      const shown = JSON.stringify(word);

      it(`keeps the likes of the user ${shown}, and of others beside them`, async () => {
        const [{ state: one }, { state: two }] = [await addProduct(), await addProduct()];
        const users = [word, 'bob', `${word}2`];
        const like = (productId: string, liked = true) =>
          users.map((userId) => ({ productId, userId, liked }));
        await transact((tx) => tx.likes.note([...like(one.id), ...like(two.id)]));
        await count();
        await count();
        expect([await likesOf(one.id), await likesOf(two.id)]).to.deep.equal([3, 3]);
        await transact((tx) => tx.likes.note(like(one.id, false).slice(0, 1)));
        await count();
        expect([await likesOf(one.id), await likesOf(two.id)]).to.deep.equal([2, 3]);
        expect(await db.likes.uncounted(10)).to.deep.equal([]);
      });

      it(`keeps wallet, orders, payments and requests of the user ${shown}`, async () => {
        const { state: product } = await addProduct();
        const items = [{ productId: product.id, quantity: 1, unitPrice: 5 }];
        const opened = Wallet.open(word).charge(9, v7(), NOW);
        const wallet = await transact((tx) => tx.wallets.save(opened));
        const again = wallet.charge(1, v7(), NOW);
        await transact((tx) => tx.wallets.save(again));
        expect(await db.wallets.get(word)).to.deep.equal({ userId: word, balance: 10, version: 2 });
        const entries = await db.wallets.entries(word, { limit: 10 });
        expect(entries.items).to.deep.equal([again.entry, opened.entry]);
        const placed = Order.place({ id: v7(), userId: word, items }, NOW, 1000);
        const order = await transact((tx) => tx.orders.save(placed));
        const paid = await transact((tx) => tx.orders.save(order.pay(NOW)));
        expect((await db.orders.list(word, { limit: 10 })).items).to.deep.equal([paid.state]);
        const card = { id: v7(), orderId: order.state.id, userId: word, amount: 5 };
        const started = CardPayment.start(card, NOW, 100);
        const payment = await transact((tx) => tx.cardPayments.save(started));
        await transact((tx) => tx.cardPayments.save(payment.decline()));
        expect(await db.cardPayments.get(card.id)).to.include({ userId: word, status: 'DECLINED' });
        const hold = { id: v7(), userId: word, productId: product.id, quantity: 1, unitPrice: 5 };
        const held = await transact((tx) => tx.reservations.save(Reservation.hold(hold, NOW, 9)));
        await transact(async (tx) => tx.reservations.save(held.release() as Reservation));
        expect(await db.reservations.get(hold.id)).to.include({ userId: word, status: 'RELEASED' });
        const fields = { id: v7(), userId: word, items };
        const request = OrderRequest.accept(fields, NOW);
        const accepted = await transact((tx) => tx.orderRequests.save(request));
        await transact((tx) => tx.orderRequests.save(accepted.confirm(order.state.id)));
        expect(await db.orderRequests.get(fields.id)).to.include({ userId: word });
      });

      it(`keeps a product whose sku, name and category are ${shown}`, async () => {
        const text = { sku: word, name: word, category: word };
        const saved = await addProduct(text);
        const revised = saved.revise({ name: `${word}!`, price: 6 }, NOW);
        const { state } = await transact((tx) => tx.products.save(revised));
        expect(await db.products.get(state.id)).to.deep.equal(state);
        expect((await db.products.list({ limit: 10 }, word)).items).to.deep.equal([state]);
      });

      it(`keeps idempotency records, messages, sweeper leases and relay leases under the name ${shown}`, async () => {
        const key = { scope: word, key: word, fingerprint: 'f'.repeat(64) };
        const value = { [word]: word };
        await transact((tx) =>
          tx.idempotencyRecords.add([{ key, outcome: { value }, expiresAt: LATER }]),
        );
        expect(await db.idempotencyRecords.find(key, NOW)).to.deep.include({ outcome: { value } });
        await transact((tx) => tx.outbox.add('orders', [{ key: word, requestId: word }]));
        const [entry, ...others] = await db.outbox.next('orders', 10);
        expect(others).to.deep.equal([]);
        expect(entry?.message).to.deep.equal({ key: word, requestId: word });
        await transact((tx) => tx.outbox.remove(entry ? [entry] : []));
        expect(await db.outbox.next('orders', 10)).to.deep.equal([]);
        const lease = { relay: word, now: NOW, leaseMs: 1000 };
        expect(await transact((tx) => tx.outbox.claim('orders', lease))).to.equal(true);
        await transact((tx) => tx.outbox.release('orders', lease));
        const holder = v7();
        const sweeperLease = SweeperLease.vacant(word).take(holder, NOW, 1000) as SweeperLease;
        const taken = await transact((tx) => tx.sweeperLeases.save(sweeperLease));
        await transact(async (tx) =>
          tx.sweeperLeases.save(taken.release(holder, NOW) as SweeperLease),
        );
        const found = await transact((tx) => tx.sweeperLeases.get(word));
        expect(found.state).to.include({ name: word, holder, version: 2 });
      });
    }

    it('distinguishes texts that differ only in case, accent or width', async () => {
      const { state: product } = await addProduct();
      const likes = TOLD_APART.map((userId) => ({ productId: product.id, userId, liked: true }));
      await transact((tx) => tx.likes.note(likes));
      await count();
      expect(await likesOf(product.id)).to.equal(TOLD_APART.length);
      for (const [i, userId] of TOLD_APART.entries()) {
        await transact((tx) => tx.wallets.save(Wallet.open(userId).charge(i + 1, v7(), NOW)));
        await addProduct({ sku: userId, category: userId });
      }
      for (const [i, name] of TOLD_APART.entries()) {
        expect((await db.wallets.get(name)).balance).to.equal(i + 1);
        expect((await db.wallets.entries(name, { limit: 10 })).items).to.have.length(1);
        const { items } = await db.products.list({ limit: 10 }, name);
        expect(items.map(({ sku }) => sku)).to.deep.equal([name]);
      }
    });
  });
}
