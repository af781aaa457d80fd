import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { Product } from '../../../../src/domain/catalogue/product.js';
import { Order } from '../../../../src/domain/orders/order.js';
import type { Page, PageRequest } from '../../../../src/domain/ports/page.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { Wallet } from '../../../../src/domain/wallets/wallet.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');

/** Ids of two instances in turn. The clock of the second one is 50 ms behind. */
function* idsOfTwoClocks(): Generator<string> {
  for (let msecs = NOW.getTime(); ; msecs += 10) {
    yield v7({ msecs });
    yield v7({ msecs: msecs - 50 });
  }
}

for (const kind of [memory, sqlite, mysql]) {
  describe(`Lists in ${kind.name}, of rows whose ids come from clocks that differ`, () => {
    let resources: AsyncDisposableStack;
    let db: Persistence;
    let ids: Generator<string>;

    before(async () => {
      resources = new AsyncDisposableStack();
      db = await kind.open(resources);
    });

    beforeEach(() => {
      ids = idsOfTwoClocks();
    });

    after(() => resources.disposeAsync());

    const nextId = () => ids.next().value as string;

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    function product(category: string, id = nextId()): Product {
      return Product.create({ id, sku: v7(), name: 'Tea', price: 5, category }, NOW);
    }

    /** Every item, two on each page. */
    async function readAll<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
      const items: T[] = [];
      for (let after: string | undefined; ; ) {
        const page = await read({ limit: 2, after });
        items.push(...page.items);
        if (page.nextAfter === null) return items;
        after = page.nextAfter;
      }
    }

    it('shows a ledger newest first, where each balance follows from the entry before it', async () => {
      const userId = v7();
      let wallet = Wallet.open(userId);
      for (let amount = 1; amount <= 9; amount++) {
        const movement = wallet.charge(amount, nextId(), NOW);
        wallet = await transact((tx) => tx.wallets.save(movement));
      }
      const entries = await readAll((page) => db.wallets.entries(userId, page));
      expect(entries.map(({ amount }) => amount)).to.deep.equal([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(entries.map(({ walletVersion }) => walletVersion)).to.deep.equal(
        entries.map(({ amount }) => amount),
      );
      for (const [i, { amount, balance }] of entries.entries()) {
        expect(balance - amount).to.equal(entries[i + 1]?.balance ?? 0);
      }
    });

    it('shows the orders of a user newest first', async () => {
      const userId = v7();
      const { state } = await transact((tx) => tx.products.save(product('tea')));
      const items = [{ productId: state.id, quantity: 1, unitPrice: 5 }];
      const placed: string[] = [];
      for (let i = 0; i < 7; i++) {
        const order = Order.place({ id: nextId(), userId, items }, NOW, 1000);
        placed.unshift((await transact((tx) => tx.orders.save(order))).state.id);
      }
      // A change of an order does not change its place.
      const paid = placed[3] as string;
      await transact(async (tx) => tx.orders.save((await tx.orders.get(paid)).pay(NOW)));
      const orders = await readAll((page) => db.orders.list(userId, page));
      expect(orders.map(({ id }) => id)).to.deep.equal(placed);
    });

    it('shows products oldest first, all of them and those of a category', async () => {
      const category = v7();
      const added: string[] = [];
      for (let i = 0; i < 7; i++) {
        added.push((await transact((tx) => tx.products.save(product(category)))).state.id);
      }
      const list = (of?: string) => readAll((page) => db.products.list(page, of));
      expect((await list(category)).map(({ id }) => id)).to.deep.equal(added);
      const all = (await list()).map(({ id }) => id);
      expect(all.filter((id) => added.includes(id))).to.deep.equal(added);
    });

    it('shows a product that is committed late to a reader who goes page by page', async () => {
      const category = v7();
      const [one, two] = [product(category), product(category)];
      const late = await db.transactions.begin();
      await late.products.save(one);
      const other = transact((tx) => tx.products.save(two));
      // If the other does not wait for the late one, it is done after this time.
      await Promise.race([other, pause(200)]);
      const seen = await db.products.list({ limit: 10 }, category);
      await late.commit();
      await other;
      const after = seen.items.at(-1)?.id;
      const rest = await db.products.list({ limit: 10, after }, category);
      const read = [...seen.items, ...rest.items].map(({ id }) => id);
      expect(read).to.have.members([one.state.id, two.state.id]);
    });

    it('returns an empty page after a row that does not exist', async () => {
      const userId = v7();
      const after = v7();
      await transact((tx) => tx.wallets.save(Wallet.open(userId).charge(1, nextId(), NOW)));
      await transact((tx) => tx.products.save(product(userId)));
      const empty = { items: [], nextAfter: null };
      expect(await db.wallets.entries(userId, { limit: 2, after })).to.deep.equal(empty);
      expect(await db.products.list({ limit: 2, after }, userId)).to.deep.equal(empty);
    });
  });
}
