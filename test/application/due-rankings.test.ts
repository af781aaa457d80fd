import { expect } from 'chai';
import { InProcessRankings } from '../../src/adapters/ranking/in-process-rankings.js';
import { UnkeptRanking } from '../../src/adapters/ranking/unkept-ranking.js';
import { RefreshDueRankings } from '../../src/application/popularity/refresh-due-rankings.js';
import { RefreshRanking } from '../../src/application/popularity/refresh-ranking.js';
import { SweeperElection } from '../../src/application/sweeping/sweeper-election.js';
import { LONG_WINDOWS, type PopularityWindow } from '../../src/domain/popularity/popularity.js';
import { SalesQueries } from '../../src/domain/popularity/ports.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const DAY = 24 * 3_600_000;

/** Sales that a test sets, and the number of their reads. */
class ScriptedSales extends SalesQueries {
  asked = 0;
  units = 1;
  failure: Error | undefined;
  gate: Promise<void> = Promise.resolve();

  override async top() {
    this.asked += 1;
    await this.gate;
    if (this.failure) throw this.failure;
    return this.units > 0 ? [{ productId: 'tea', units: this.units }] : [];
  }

  override async since() {
    return [];
  }

  override async ofOrders() {
    return [];
  }
}

describe('Rankings of the long windows', () => {
  let shop: InMemoryShop;
  let sales: ScriptedSales;
  let store: InProcessRankings;

  beforeEach(() => {
    shop = new InMemoryShop();
    sales = new ScriptedSales();
    store = new InProcessRankings();
  });

  const refresh = () => new RefreshRanking(new UnkeptRanking(), sales, store, shop.clock);

  /**
   * The check of one instance, which a test can run at any time. The rankings are due at every
   * midnight.
   */
  function instance(): () => Promise<void> {
    const leader = new SweeperElection(
      shop.unitOfWork,
      shop.clock,
      shop.ids.next(),
      60_000,
      'rankings',
    );
    const lastDue = (now: Date) => new Date(Math.floor(now.getTime() / DAY) * DAY);
    const due = new RefreshDueRankings(store, refresh(), leader, shop.clock, lastDue);
    return () => due.execute(new AbortController().signal);
  }

  async function computeAll(): Promise<void> {
    for (const window of LONG_WINDOWS) await refresh().execute(window);
    sales.asked = 0;
  }

  const unitsOf = async (window: PopularityWindow) => (await store.find(window))?.sold[0]?.units;

  it('are computed once after midnight, and not before', async () => {
    await computeAll();
    const check = instance();
    sales.units = 2;
    await check();
    expect(sales.asked).to.equal(0);
    shop.clock.advance(DAY);
    await check();
    await check();
    expect(sales.asked).to.equal(2);
    for (const window of LONG_WINDOWS) expect(await unitsOf(window)).to.equal(2);
  });

  it('are computed by the first instance that runs after days without one', async () => {
    await computeAll();
    sales.units = 2;
    shop.clock.advance(5 * DAY + 7);
    await instance()();
    expect(await store.find('1d')).to.deep.include({ computedAt: shop.clock.now() });
    expect(await unitsOf('7d')).to.equal(2);
  });

  it('are computed by one of several instances', async () => {
    await computeAll();
    shop.clock.advance(DAY);
    const { promise, resolve } = Promise.withResolvers<void>();
    sales.gate = promise;
    const first = instance()();
    await Promise.all([instance()(), instance()(), instance()()]);
    resolve();
    await first;
    await instance()();
    expect(sales.asked).to.equal(2);
  });

  it('are computed by the next instance after a failed computation', async () => {
    await computeAll();
    shop.clock.advance(DAY);
    sales.failure = new Error('the database is busy');
    expect(await rejection(instance()())).to.equal(sales.failure);
    sales.failure = undefined;
    sales.units = 3;
    await instance()();
    for (const window of LONG_WINDOWS) expect(await unitsOf(window)).to.equal(3);
  });

  it('are computed again when the store holds older ones than before', async () => {
    await computeAll();
    const check = instance();
    await check();
    // The store of a database that failed over and lost the latest rankings.
    const lost = new InProcessRankings();
    const yesterday = new Date(shop.clock.now().getTime() - DAY);
    await lost.publish({
      window: '1d',
      computedAt: yesterday,
      sold: [{ productId: 'x', units: 9 }],
    });
    store.find = (window) => lost.find(window);
    store.publish = (ranking) => lost.publish(ranking);
    await check();
    expect(await unitsOf('1d')).to.equal(1);
  });

  it('are replaced before midnight when they are empty and something is sold', async () => {
    sales.units = 0;
    await computeAll();
    const check = instance();
    await check();
    expect(await store.find('1d')).to.deep.include({ sold: [] });
    sales.units = 4;
    shop.clock.advance(1_000);
    await check();
    expect(await unitsOf('1d')).to.equal(4);
    sales.units = 5;
    shop.clock.advance(1_000);
    await check();
    expect(await unitsOf('1d')).to.equal(4);
  });

  it('are not computed before their first read', async () => {
    await instance()();
    expect(sales.asked).to.equal(0);
    expect(await store.find('1d')).to.equal(undefined);
  });
});
