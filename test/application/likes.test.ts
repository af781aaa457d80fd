import { expect } from 'chai';
import { CachedProducts } from '../../src/application/catalogue/cached-products.js';
import { CountLikes } from '../../src/application/catalogue/count-likes.js';
import { LikeBatches } from '../../src/application/catalogue/like-batches.js';
import { SetLike } from '../../src/application/catalogue/set-like.js';
import { DependencyUnavailableError } from '../../src/domain/ports/failures.js';
import { UnitOfWork } from '../../src/domain/ports/unit-of-work.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

/** A unit of work that a test can count, delay and make fail. */
class WatchedUnitOfWork extends UnitOfWork {
  runs = 0;
  gate: Promise<void> = Promise.resolve();
  failures: Error[] = [];

  constructor(private readonly inner: UnitOfWork) {
    super();
  }

  override run: UnitOfWork['run'] = async (options, work) => {
    this.runs += 1;
    await this.gate;
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.inner.run(options, work);
  };
}

describe('Likes', () => {
  let shop: InMemoryShop;
  let units: WatchedUnitOfWork;
  let products: CachedProducts;
  let setLike: SetLike;
  let countLikes: CountLikes;
  let productId: string;

  beforeEach(async () => {
    shop = new InMemoryShop();
    units = new WatchedUnitOfWork(shop.unitOfWork);
    products = new CachedProducts(shop.cache, shop.products);
    setLike = new SetLike(products, new LikeBatches(units));
    countLikes = new CountLikes(shop.unitOfWork, shop.likes);
    productId = await shop.add();
  });

  const like = (userId: string, liked = true) => setLike.execute({ productId, userId, liked });

  async function shown(): Promise<number> {
    return JSON.parse((await products.get(productId)).text).likes;
  }

  it('appear in a cached product after they are counted', async () => {
    expect(await shown()).to.equal(0);
    await like('alice');
    await like('bob');
    await like('alice');
    expect(await shown()).to.equal(0);
    expect(await countLikes.execute()).to.equal(2);
    expect(await shown()).to.equal(2);
    await like('alice', false);
    await countLikes.execute();
    expect(await shown()).to.equal(1);
  });

  it('are refused for a product that does not exist, and are not stored', async () => {
    const error = await rejection(
      setLike.execute({ productId: shop.ids.next(), userId: 'alice', liked: true }),
    );
    expect(error).to.have.property('code', 'product_not_found');
    expect(await shop.likes.uncounted(10)).to.deep.equal([]);
  });

  it('of many users at once are committed in few transactions', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => like(`u${i}`)));
    expect(units.runs).to.be.at.most(3);
    expect(await countLikes.execute()).to.equal(100);
  });

  it('are committed in transactions of at most 500', async () => {
    await Promise.all(Array.from({ length: 1001 }, (_, i) => like(`u${i}`)));
    expect(units.runs).to.be.at.least(3);
    expect(await countLikes.execute()).to.equal(1001);
    expect(await shown()).to.equal(1001);
  });

  it('are answered after their commit', async () => {
    let open = () => {};
    units.gate = new Promise((resolve) => {
      open = resolve;
    });
    let answered = false;
    const liking = like('alice').then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).to.equal(false);
    open();
    await liking;
    expect(await shop.likes.uncounted(10)).to.have.length(1);
  });

  it('keep the last change of a user who likes and unlikes at once', async () => {
    const words: [string, boolean][] = [
      ['alice', true],
      ['alice', false],
      ['bob', false],
      ['bob', true],
      ['carol', true],
      ['carol', false],
    ];
    await Promise.all(words.map(([user, liked]) => like(user, liked)));
    await countLikes.execute();
    expect(await shown()).to.equal(1);
  });

  it('of a failed commit get its error, and the next batch is committed', async () => {
    units.failures.push(new DependencyUnavailableError('database', new Error('gone')));
    const lost = like('alice');
    expect(await rejection(lost)).to.be.instanceOf(DependencyUnavailableError);
    await like('bob');
    expect(await countLikes.execute()).to.equal(1);
  });

  it('on many products are counted in one run', async () => {
    const ids = await Promise.all(Array.from({ length: 250 }, () => shop.add()));
    for (const id of ids) {
      await setLike.execute({ productId: id, userId: 'alice', liked: true });
    }
    expect(await countLikes.execute()).to.equal(250);
    for (const id of ids) expect(await shop.products.get(id)).to.include({ likes: 1, version: 1 });
  });
});
