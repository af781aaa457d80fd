import { expect } from 'chai';
import { InProcessRankings } from '../../src/adapters/ranking/in-process-rankings.js';
import { RankingsByWindow } from '../../src/adapters/ranking/rankings-by-window.js';
import { UnkeptRanking } from '../../src/adapters/ranking/unkept-ranking.js';
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
import { type SalesSpan, type Sold, spanOf } from '../../src/domain/popularity/popularity.js';
import type { Sale } from '../../src/domain/popularity/sale.js';
import { SalesRanking } from '../../src/domain/popularity/sales-ranking.js';
import { DependencyUnavailableError } from '../../src/domain/ports/failures.js';
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

  function popular(ranking: SalesRanking = new UnkeptRanking()) {
    const { sales, clock, cache, products } = shop;
    const rankings = new InProcessRankings();
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

  async function shown({ find }: ReturnType<typeof popular>) {
    const { items } = await find.execute('5m', 10);
    return items.map(({ rank, product, sold }) => [rank, JSON.parse(product).id, sold]);
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
    const { computedAt } = await items.find.execute('5m', 10);
    shop.clock.advance(1_000);
    await buy(tea, 1);
    expect(await items.find.execute('5m', 10)).to.deep.include({ computedAt, items: [] });
    await items.refresh.execute('5m');
    const after = await items.find.execute('5m', 10);
    expect(after.computedAt.getTime()).to.equal(computedAt.getTime() + 1_000);
    expect(after.items).to.have.length(1);
  });

  it('show current prices, although the ranking is older', async () => {
    const items = popular();
    await buy(tea, 1);
    await items.find.execute('5m', 1);
    const { unitOfWork, clock } = shop;
    await new ReviseProduct(unitOfWork, clock).execute({ productId: tea, change: { price: 77 } });
    const [item] = (await items.find.execute('5m', 1)).items;
    expect(JSON.parse(item?.product ?? '')).to.include({ price: 77 });
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
    const rebuild = new RebuildRanking(new UnkeptRanking(), shop.sales, shop.clock);
    expect(await rebuild.execute('always')).to.equal(undefined);
  });

  it('are stored by window in one of two stores', async () => {
    const [here, there] = [new InProcessRankings(), new InProcessRankings()];
    const both = new RankingsByWindow(['5m'], here, there);
    const computedAt = shop.clock.now();
    for (const window of ['5m', '1d'] as const) {
      await both.publish({ window, computedAt, sold: [] });
      expect(await both.find(window)).to.deep.equal({ window, computedAt, sold: [] });
    }
    expect(await here.find('1d')).to.equal(undefined);
    expect(await there.find('5m')).to.equal(undefined);
  });
});
