import { expect } from 'chai';
import sinon from 'sinon';
import { PopularBody } from '../../src/adapters/http/schemas/popular-schemas.js';
import { NoopSalesRanking } from '../../src/adapters/ranking/noop-sales-ranking.js';
import { CachedProducts } from '../../src/application/catalogue/cached-products.js';
import { ReviseProduct } from '../../src/application/catalogue/revise-product.js';
import { CancelOrder } from '../../src/application/orders/cancel-order.js';
import { PayOrderByPoints } from '../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../src/application/orders/place-order.js';
import { CountBuyers } from '../../src/application/popularity/count-buyers.js';
import { FindPopular } from '../../src/application/popularity/find-popular.js';
import { RebuildRanking } from '../../src/application/popularity/rebuild-ranking.js';
import { RecordSales } from '../../src/application/popularity/record-sales.js';
import { RefreshRanking } from '../../src/application/popularity/refresh-ranking.js';
import { ChargeWallet } from '../../src/application/wallets/charge-wallet.js';
import {
  type PopularityWindow,
  type SalesSpan,
  type Sold,
  spanOf,
} from '../../src/domain/popularity/popularity.js';
import type { Sale } from '../../src/domain/popularity/sale.js';
import { SalesRanking } from '../../src/domain/popularity/sales-ranking.js';
import { DependencyUnavailableError } from '../../src/domain/ports/failures.js';
import { productKey, rankingKey } from '../../src/domain/resource-keys.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

/** A ranking that is down, or that returns what a test sets. */
class ScriptedRanking extends SalesRanking {
  failure: Error | undefined;
  answer: Sold[] | undefined;
  spans: SalesSpan[] = [];
  recorded: Sale[] = [];

  override async record(sales: readonly Sale[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.recorded.push(...sales);
  }

  override async top(span: SalesSpan): Promise<Sold[] | undefined> {
    if (this.failure) throw this.failure;
    this.spans.push(span);
    return this.answer;
  }

  override async buyers(span: SalesSpan): Promise<number> {
    if (this.failure) throw this.failure;
    this.spans.push(span);
    return 7;
  }

  override async rebuild(): Promise<undefined> {}
}

describe('The buyers of a window', () => {
  it('are counted in the span of its ranking, and are unknown while the ranking is down', async () => {
    const ranking = new ScriptedRanking();
    const { clock } = new InMemoryShop();
    const count = new CountBuyers(ranking, clock);
    expect(await count.execute('5m')).to.equal(7);
    expect(ranking.spans).to.deep.equal([spanOf('5m', clock.now())]);
    ranking.failure = new DependencyUnavailableError('redis', undefined);
    expect(await count.execute('5m')).to.equal(undefined);
    ranking.failure = new Error('a fault of ours');
    expect(await rejection(count.execute('5m'))).to.equal(ranking.failure);
  });
});

describe('Popular items', () => {
  let shop: InMemoryShop;
  let tea: string;
  let cup: string;

  beforeEach(async () => {
    shop = new InMemoryShop();
    tea = await shop.add({ price: 1, stock: 100 });
    cup = await shop.add({ price: 1, stock: 100 });
    await new ChargeWallet(shop.unitOfWork, shop.ids, shop.clock).execute('alice', 1_000);
  });

  function popular(ranking: SalesRanking = new NoopSalesRanking()) {
    const { sales, clock, cache, products, rankings } = shop;
    const refresh = new RefreshRanking(ranking, sales, rankings, clock);
    const find = new FindPopular(rankings, refresh, new CachedProducts(cache, products));
    return { refresh, find };
  }

  async function buy(productId: string, quantity: number): Promise<string> {
    const { unitOfWork, known, ids, clock } = shop;
    const place = new PlaceOrder(unitOfWork, known, ids, clock, 60_000);
    const { id } = await place.execute({ userId: 'alice', items: [{ productId, quantity }] });
    await new PayOrderByPoints(unitOfWork, ids, clock).execute('alice', id);
    return id;
  }

  const read = async ({ find }: ReturnType<typeof popular>, window: PopularityWindow = '5m') =>
    PopularBody.parse(JSON.parse(await find.execute(window, 10)));

  async function shown(popularItems: ReturnType<typeof popular>) {
    const { items } = await read(popularItems);
    return items.map(({ rank, product, sold }) => [rank, product.id, sold]);
  }

  const revise = (productId: string, price: number) =>
    new ReviseProduct(shop.unitOfWork, shop.clock).execute({ productId, change: { price } });

  /** Publishes a ranking that is a millisecond newer than any before. */
  async function rank(window: PopularityWindow, ...productIds: string[]): Promise<void> {
    shop.clock.advance(1);
    const sold = productIds.map((productId) => ({ productId, units: 1 }));
    await shop.rankings.publish({ window, computedAt: shop.clock.now(), sold });
  }

  /** Reads until the memory of the process has all of the answer. */
  async function warm({ find }: ReturnType<typeof popular>, window: PopularityWindow) {
    for (let i = 0; i < 3; i += 1) await find.execute(window, 10);
    return find.readLocal(window, 10);
  }

  it('rank paid orders, most units first, without cancelled orders', async () => {
    const items = popular();
    await buy(tea, 2);
    const order = await buy(cup, 5);
    await items.refresh.execute('5m');
    expect(await shown(items)).to.deep.equal([
      [1, cup, 5],
      [2, tea, 2],
    ]);
    const { unitOfWork, orders, ids, clock } = shop;
    await new CancelOrder(unitOfWork, orders, ids, clock).execute('alice', order);
    shop.clock.advance(1);
    await items.refresh.execute('5m');
    expect(await shown(items)).to.deep.equal([[1, tea, 2]]);
  });

  it('do not count an unpaid order', async () => {
    const { unitOfWork, known, ids, clock } = shop;
    const place = new PlaceOrder(unitOfWork, known, ids, clock, 60_000);
    await place.execute({ userId: 'alice', items: [{ productId: tea, quantity: 1 }] });
    expect(await shown(popular())).to.deep.equal([]);
  });

  it('are those of the latest computation, and contain its time', async () => {
    const items = popular();
    const { computedAt } = await read(items);
    shop.clock.advance(1_000);
    await buy(tea, 1);
    expect(await read(items)).to.deep.include({ computedAt, items: [] });
    await items.refresh.execute('5m');
    const after = await read(items);
    expect(Date.parse(after.computedAt)).to.equal(Date.parse(computedAt) + 1_000);
    expect(after.items).to.have.length(1);
  });

  it('show current prices, although the ranking is older', async () => {
    const items = popular();
    await buy(tea, 1);
    await read(items);
    await revise(tea, 77);
    const [item] = (await read(items)).items;
    expect(item?.product).to.include({ price: 77 });
  });

  it('leave the window when their sale is older than the window', async () => {
    const items = popular();
    await buy(tea, 1);
    shop.clock.advance(311_000);
    await items.refresh.execute('5m');
    expect(await shown(items)).to.deep.equal([]);
    expect((await items.refresh.execute('10m')).sold).to.have.length(1);
  });

  it('come from the ranking in Redis', async () => {
    const ranking = new ScriptedRanking();
    ranking.answer = [{ productId: cup, units: 9 }];
    await buy(tea, 1);
    expect(await shown(popular(ranking))).to.deep.equal([[1, cup, 9]]);
  });

  it('record paid and refunded orders in the ranking, and nothing else', async () => {
    const ranking = new ScriptedRanking();
    const order = await buy(tea, 2);
    const { unitOfWork, known, orders, ids, clock } = shop;
    await new PlaceOrder(unitOfWork, known, ids, clock, 60_000).execute({
      userId: 'alice',
      items: [{ productId: tea, quantity: 1 }],
    });
    const record = new RecordSales(shop.sales, ranking);
    const events = async () => (await shop.outbox.next('events', 100)).map((e) => e.message);
    await record.execute(await events());
    expect(ranking.recorded).to.have.length(1);
    expect(ranking.recorded[0]).to.include({ version: 1, counts: true });
    await new CancelOrder(unitOfWork, orders, ids, clock).execute('alice', order);
    await record.execute((await events()).filter(({ type }) => type === 'order.cancelled'));
    expect(ranking.recorded[1]).to.include({ version: 2, counts: false });
    await record.execute((await events()).filter(({ type }) => type === 'stock.changed'));
    expect(ranking.recorded).to.have.length(2);
  });

  it('reject an event while the ranking is down, so that it is delivered again', async () => {
    const ranking = new ScriptedRanking();
    ranking.failure = new DependencyUnavailableError('redis', new Error('gone'));
    await buy(tea, 1);
    const events = (await shop.outbox.next('events', 100)).map(({ message }) => message);
    const error = await rejection(new RecordSales(shop.sales, ranking).execute(events));
    expect(error).to.equal(ranking.failure);
  });

  it('come from the orders while the ranking is down', async () => {
    const ranking = new ScriptedRanking();
    ranking.failure = new DependencyUnavailableError('redis', new Error('gone'));
    await buy(tea, 1);
    expect(await shown(popular(ranking))).to.deep.equal([[1, tea, 1]]);
  });

  it('come from the orders while the ranking is not complete', async () => {
    await buy(tea, 1);
    expect(await shown(popular(new ScriptedRanking()))).to.deep.equal([[1, tea, 1]]);
  });

  it('throw a programming error, and do not hide it', async () => {
    const ranking = new ScriptedRanking();
    ranking.failure = new TypeError('oops');
    await buy(tea, 1);
    expect(await rejection(popular(ranking).refresh.execute('5m'))).to.be.instanceOf(TypeError);
  });

  it('are computed once for many concurrent first readers', async () => {
    const ranking = new ScriptedRanking();
    const { find } = popular(ranking);
    await Promise.all(Array.from({ length: 20 }, () => find.execute('1d', 10)));
    expect(ranking.spans).to.have.length(1);
  });

  it('need no rebuild without Redis', async () => {
    const rebuild = new RebuildRanking(new NoopSalesRanking(), shop.sales, shop.clock);
    expect(await rebuild.execute('always')).to.equal(undefined);
  });

  for (const window of ['5m', '1d'] as const) {
    it(`of ${window} are put together once while nothing has changed`, async () => {
      const items = popular();
      await rank(window, tea, cup);
      const local = await warm(items, window);
      expect(local?.text).to.equal(await items.find.execute(window, 10));
      expect(items.find.readLocal(window, 10)).to.equal(local);
    });

    it(`of ${window} are not in the memory of the process before they were read`, async () => {
      const items = popular();
      await rank(window, tea);
      expect(items.find.readLocal(window, 10)).to.equal(undefined);
      await warm(items, window);
      expect(items.find.readLocal(window, 9)).to.equal(undefined);
    });

    it(`of ${window} are put together again after a new ranking`, async () => {
      const items = popular();
      await rank(window, tea);
      const old = await warm(items, window);
      await rank(window, cup);
      expect(items.find.readLocal(window, 10)).to.equal(undefined);
      const local = await warm(items, window);
      expect(local).not.to.equal(old);
      expect(JSON.parse(local?.text ?? '').items[0].product.id).to.equal(cup);
    });

    it(`of ${window} are put together again after a change of the product in the last place`, async () => {
      const items = popular();
      await rank(window, tea, cup);
      await warm(items, window);
      await revise(cup, 78);
      expect(items.find.readLocal(window, 10)).to.equal(undefined);
      const local = await warm(items, window);
      expect(JSON.parse(local?.text ?? '').items[1].product.price).to.equal(78);
    });

    it(`of ${window} are not those of the memory while a product is written`, async () => {
      const items = popular();
      await rank(window, tea, cup);
      await warm(items, window);
      const intent = await shop.cache.beginWrite([productKey(cup)]);
      expect(items.find.readLocal(window, 10)).to.equal(undefined);
      await intent.end();
    });

    it(`of ${window} keep a ranking that was computed later`, async () => {
      await rank(window, tea);
      const computedAt = new Date(shop.clock.now().getTime() - 1);
      await shop.rankings.publish({ window, computedAt, sold: [] });
      expect((await shop.rankings.find(window))?.sold).to.have.length(1);
    });
  }

  it('of a long window are not those of the memory while a ranking is published', async () => {
    const items = popular();
    await rank('7d', tea);
    await warm(items, '7d');
    const intent = await shop.cache.beginWrite([rankingKey('7d')]);
    expect(items.find.readLocal('7d', 10)).to.equal(undefined);
    await intent.end();
  });

  it('are shown, and not stored, when they are read for the first time and the cache is down', async () => {
    await buy(tea, 1);
    const down = new DependencyUnavailableError('redis', new Error('gone'));
    sinon.stub(shop.cache, 'beginWrite').rejects(down);
    const items = popular();
    expect((await read(items, '1d')).items).to.have.length(1);
    expect(await shop.rankings.findStored('1d')).to.equal(undefined);
    expect(await rejection(items.refresh.execute('1d'))).to.equal(down);
  });
});
