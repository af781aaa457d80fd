import { expect } from 'chai';
import { v7 } from 'uuid';
import type { LikeChange } from '../../../../src/domain/catalogue/like.js';
import { Product } from '../../../../src/domain/catalogue/product.js';
import type { Transaction } from '../../../../src/domain/ports/unit-of-work.js';
import { rejection } from '../../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { inTransaction } from '../support/in-transaction.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');

for (const kind of [memory, sqlite, mysql]) {
  describe(`Likes in ${kind.name}`, () => {
    let resources: AsyncDisposableStack;
    let db: Persistence;

    before(async () => {
      resources = new AsyncDisposableStack();
      db = await kind.open(resources);
    });

    after(() => resources.disposeAsync());

    const transact = <T>(work: (tx: Transaction) => Promise<T>) =>
      inTransaction(db.transactions, work);

    async function addProduct(): Promise<Product> {
      const id = v7();
      const fields = { id, sku: `S${id}`, name: 'Tea', price: 5, category: 'tea' };
      return transact((tx) => tx.products.save(Product.create(fields, NOW)));
    }

    const change = (productId: string, userId: string, liked = true): LikeChange => ({
      productId,
      userId,
      liked,
    });

    const note = (...changes: LikeChange[]) => transact((tx) => tx.likes.note(changes));

    /** Counts all uncounted likes, and returns how many they were. */
    async function count(): Promise<number> {
      const likes = await db.likes.uncounted(1000);
      return transact((tx) => tx.likes.count(likes));
    }

    const likesOf = async (id: string) => (await db.products.get(id)).likes;

    it('are counted once for each user, however often they are saved and counted', async () => {
      const { id } = (await addProduct()).state;
      await note(change(id, 'a'), change(id, 'b'));
      await note(change(id, 'a'));
      expect(await likesOf(id)).to.equal(0);
      expect(await count()).to.equal(2);
      expect(await likesOf(id)).to.equal(2);
      await note(change(id, 'a'), change(id, 'c'));
      expect(await count()).to.equal(1);
      expect(await count()).to.equal(0);
      expect(await likesOf(id)).to.equal(3);
    });

    it('are subtracted from the count once when the user unlikes', async () => {
      const { id } = (await addProduct()).state;
      await note(change(id, 'a'), change(id, 'b'));
      await count();
      await note(change(id, 'a', false));
      expect(await count()).to.equal(1);
      await note(change(id, 'a', false), change(id, 'never', false));
      expect(await count()).to.equal(0);
      expect(await likesOf(id)).to.equal(1);
      await note(change(id, 'a'));
      await count();
      expect(await likesOf(id)).to.equal(2);
    });

    it('are not counted when the user unlikes before the count', async () => {
      const { id } = (await addProduct()).state;
      await note(change(id, 'a'));
      await note(change(id, 'a', false));
      expect(await db.likes.uncounted(10)).to.deep.equal([]);
      await note(change(id, 'a'));
      await count();
      await note(change(id, 'a', false));
      await note(change(id, 'a'));
      expect(await db.likes.uncounted(10)).to.deep.equal([]);
      expect(await likesOf(id)).to.equal(1);
    });

    it('are distinguished by product and by the exact user name', async () => {
      const [one, two] = [(await addProduct()).state.id, (await addProduct()).state.id];
      await note(change(one, 'a'), change(one, 'A'), change(two, 'a'));
      expect(await db.likes.uncounted(10)).to.have.deep.members([
        { productId: one, userId: 'A' },
        { productId: one, userId: 'a' },
        { productId: two, userId: 'a' },
      ]);
      expect(await db.likes.uncounted(2)).to.have.length(2);
      await count();
      expect([await likesOf(one), await likesOf(two)]).to.deep.equal([2, 1]);
    });

    it('are not counted by a transaction that rolls back, and are counted later', async () => {
      const { id } = (await addProduct()).state;
      await note(change(id, 'a'));
      const died = transact(async (tx) => {
        await tx.likes.count(await db.likes.uncounted(10));
        throw new Error('died');
      });
      await rejection(died);
      expect(await likesOf(id)).to.equal(0);
      expect(await count()).to.equal(1);
      expect(await likesOf(id)).to.equal(1);
    });

    it('are not counted again when another process counted them in the meantime', async () => {
      const { id } = (await addProduct()).state;
      await note(change(id, 'a'), change(id, 'b'));
      const seen = await db.likes.uncounted(10);
      await count();
      expect(await transact((tx) => tx.likes.count(seen))).to.equal(0);
      expect(await likesOf(id)).to.equal(2);
    });

    it('do not change the version of a product, and an editor who read the old count does not undo them', async () => {
      const read = await addProduct();
      const { id } = read.state;
      await note(change(id, 'a'));
      await count();
      expect(await db.products.get(id)).to.include({ version: 1, likes: 1 });
      const revised = read.revise({ name: 'Other' }, NOW);
      await transact((tx) => tx.products.save(revised));
      expect(await db.products.get(id)).to.include({ version: 2, likes: 1, name: 'Other' });
    });

    it('are counted exactly when likes, counts and edits run at the same time', async () => {
      const { id } = (await addProduct()).state;
      const users = Array.from({ length: 20 }, (_, i) => `u${i}`);
      const retried = async (work: () => Promise<unknown>): Promise<unknown> =>
        work().catch((error: unknown) =>
          (error as Error).name === 'ConcurrentUpdateError' ? retried(work) : Promise.reject(error),
        );
      const words = users.map(async (user, i) => {
        for (let turn = 0; turn < 4; turn++)
          await retried(() => note(change(id, user, (i + turn) % 2 === 0)));
      });
      const counts = [1, 2, 3].map(async () => {
        for (let turn = 0; turn < 6; turn++) await retried(count);
      });
      const edits = [1, 2].map(async (editor) => {
        for (let turn = 0; turn < 4; turn++) {
          await retried(() =>
            transact(async (tx) => {
              const product = await tx.products.get(id);
              await tx.products.save(product.revise({ price: editor * 10 + turn }, NOW));
            }),
          );
        }
      });
      await Promise.all([...words, ...counts, ...edits]);
      await count();
      expect(await db.products.get(id)).to.include({ likes: 10, version: 9 });
    });
  });
}
