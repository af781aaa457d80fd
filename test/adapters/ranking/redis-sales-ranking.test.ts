import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { RedisSalesRanking } from '../../../src/adapters/ranking/redis-sales-ranking.js';
import { SalesBuckets } from '../../../src/adapters/ranking/sales-buckets.js';
import type { CommandSender } from '../../../src/adapters/redis/command-client.js';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.js';
import { RelayOutbox } from '../../../src/application/events/relay-outbox.js';
import { RebuildRanking } from '../../../src/application/popularity/rebuild-ranking.js';
import { RecordSales } from '../../../src/application/popularity/record-sales.js';
import type { DomainEvent } from '../../../src/domain/events/domain-event.js';
import type { OutboxEntry } from '../../../src/domain/events/outbox.js';
import type { Payment } from '../../../src/domain/payments/payment.js';
import { POPULARITY_WINDOWS, spanOf } from '../../../src/domain/popularity/popularity.js';
import type { Sale } from '../../../src/domain/popularity/sale.js';
import { RebuildOvertakenError } from '../../../src/domain/popularity/sales-ranking.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { eventually } from '../../contract/eventually.js';
import { FixedClock } from '../../support/doubles/fixed-clock.js';
import { rejection } from '../../support/rejection.js';
import { PastSales } from '../../support/sales.js';
import { connect, type TestClient } from '../lock/support/redis-clients.js';
import { RedisServer } from '../lock/support/redis-server.js';
import { mysqlOn, type Persistence } from '../persistence/databases.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('RedisSalesRanking beside a database', function () {
  this.timeout(240_000);
  let resources: AsyncDisposableStack;
  let database: DatabaseServer;
  let server: RedisServer;
  let client: TestClient;
  let db: Persistence;
  let shop: PastSales;
  let ranking: RedisSalesRanking;
  let record: RecordSales;
  let follow: RelayOutbox<'events'>;
  let rebuild: RebuildRanking;
  const clock = new FixedClock();

  before(async () => {
    database = await startMysql();
  });

  after(() => database.close());

  beforeEach(async () => {
    // Redis expires keys by the time of day, so the sales must be recent.
    clock.advance(Date.now() - clock.now().getTime());
    resources = new AsyncDisposableStack();
    server = await RedisServer.start();
    resources.defer(() => server.stop());
    client = await connect(server.url);
    resources.defer(() => client.destroy());
    db = await mysqlOn(database).open(resources);
    shop = new PastSales(db.transactions);
    ranking = new RedisSalesRanking(client, new SalesBuckets('test'), new UuidV7Generator(), clock);
    record = new RecordSales(db.sales, ranking);
    const publish = (events: readonly DomainEvent[]) => record.execute(events);
    const stream = { channel: 'events', publish } as const;
    const term = { relay: 'feeder', leaseMs: 1_000 };
    follow = new RelayOutbox(shop.unitOfWork, db.outbox, stream, clock, term);
    rebuild = new RebuildRanking(ranking, db.sales, clock);
  });

  afterEach(() => resources.disposeAsync());

  const ofOrder = (payment: Payment) => db.sales.ofOrders([payment.state.orderId]);

  const takeOut = (entries: readonly OutboxEntry[]) =>
    shop.transact((tx) => tx.outbox.remove(entries));

  const ago = (ms: number) => new Date(clock.now().getTime() - ms);

  /** Both answers for every window, taken at the same time. */
  async function expectEqual(limit = 100): Promise<void> {
    for (const window of POPULARITY_WINDOWS) {
      const span = spanOf(window, clock.now());
      const expected = await db.sales.top(span, limit);
      expect(await ranking.top(span, limit), window).to.deep.equal(expected);
    }
  }

  async function sellAtRandom(products: readonly string[], count: number): Promise<Payment[]> {
    const sold: Payment[] = [];
    for (let i = 0; i < count; i++) {
      const some = products.filter(() => Math.random() < 0.4).slice(0, 4);
      const basket = some.length > 0 ? some : [products[i % products.length] as string];
      const units = basket.map((id) => [id, 1 + Math.floor(Math.random() * 3)]);
      // Sales in each window, and sales in no window.
      const reach = [4 * MINUTE, 11 * MINUTE, 26 * 60 * MINUTE, 9 * DAY][i % 4] as number;
      sold.push(await shop.sell(Object.fromEntries(units), ago(Math.random() * reach)));
    }
    return sold;
  }

  const addProducts = (count: number) =>
    Promise.all(Array.from({ length: count }, () => shop.addProduct()));

  it('returns the same ranking as the orders, with cancellations and ties', async () => {
    await rebuild.execute('missing');
    const products = await addProducts(12);
    const sold = await sellAtRandom(products, 60);
    for (const [i, payment] of sold.entries()) {
      if (i % 5 === 0) await follow.execute();
      if (i % 3 === 0) await shop.refund(payment);
    }
    await follow.execute();
    await expectEqual();
    await expectEqual(3);
    const span = spanOf('7d', clock.now());
    const [first, second] = (await db.sales.top(span, 2)).map(({ units }) => units);
    const tie = [products[5], products[4]] as [string, string];
    const most = (first ?? 0) + (second ?? 0) + 10;
    for (const id of tie) {
      const had = (await db.sales.top(span, 100)).find(({ productId }) => productId === id);
      await shop.sell({ [id]: most - (had?.units ?? 0) }, ago(1));
    }
    await follow.execute();
    const top = (await ranking.top(span, 2)) ?? [];
    expect(top.map(({ productId }) => productId)).to.deep.equal([...tie].sort());
    expect(new Set(top.map(({ units }) => units)).size).to.equal(1);
    await expectEqual();
  });

  it('returns nothing before its first rebuild, and earlier sales after it', async () => {
    await sellAtRandom(await addProducts(5), 20);
    // No ranking gets these events: an instance without Redis has emptied the outbox.
    await takeOut(await db.outbox.next('events', 100));
    expect(await ranking.top(spanOf('7d', clock.now()), 10)).to.equal(undefined);
    expect(await rebuild.execute('missing')).to.be.within(15, 20);
    await expectEqual();
    expect(await rebuild.execute('missing')).to.equal(undefined);
  });

  it('counts a sale once when its event comes twice, late, or after its return', async () => {
    await rebuild.execute('missing');
    const [tea] = (await addProducts(1)) as [string];
    const payment = await shop.sell({ [tea]: 3 }, ago(0));
    const paid = await ofOrder(payment);
    await ranking.record([...paid, ...paid]);
    await ranking.record(paid);
    await expectEqual();
    await shop.refund(payment);
    const returned = await ofOrder(payment);
    await ranking.record(returned);
    // A slow instance reports the state that it read before.
    await ranking.record(paid);
    await ranking.record(returned);
    await expectEqual();
    expect(await ranking.top(spanOf('5m', clock.now()), 10)).to.deep.equal([]);
  });

  it('counts a customer once in a window, for any number of payments', async () => {
    const [tea] = (await addProducts(1)) as [string];
    const count = (window: '5m' | '10m') => ranking.buyers(spanOf(window, clock.now()));
    expect(await count('5m')).to.equal(undefined);
    await rebuild.execute('missing');
    expect(await count('5m')).to.equal(0);
    await shop.sell({ [tea]: 1 }, ago(0), 'alice');
    await shop.sell({ [tea]: 1 }, ago(0), 'alice');
    await shop.sell({ [tea]: 1 }, ago(2 * MINUTE), 'alice');
    await shop.sell({ [tea]: 1 }, ago(2 * MINUTE), 'bob');
    await shop.sell({ [tea]: 1 }, ago(7 * MINUTE), 'carol');
    await shop.sell({ [tea]: 1 }, ago(20 * MINUTE), 'dave');
    await follow.execute();
    expect([await count('5m'), await count('10m')]).to.deep.equal([2, 3]);
    // A rebuild empties the sets, and they come back with the sales.
    await rebuild.execute('always');
    expect([await count('5m'), await count('10m')]).to.deep.equal([2, 3]);
  });

  it('lets the sets of buyers expire with the longest window that shows them', async () => {
    await rebuild.execute('missing');
    const [tea] = (await addProducts(1)) as [string];
    await shop.sell({ [tea]: 1 }, ago(0), 'alice');
    await shop.sell({ [tea]: 1 }, ago(11 * MINUTE), 'bob');
    await follow.execute();
    const keys = await client.keys('*:buyers:*');
    expect(keys).to.have.length(1);
    expect(await client.sendCommand(['TYPE', `${keys[0]}`])).to.equal('set');
    const leftMs = Number(await client.sendCommand(['PTTL', `${keys[0]}`]));
    expect(leftMs).to.be.within(9.5 * MINUTE, 11 * MINUTE);
  });

  it('counts a sale correctly when the event of its return comes first', async () => {
    await rebuild.execute('missing');
    const [tea] = (await addProducts(1)) as [string];
    const payment = await shop.sell({ [tea]: 3 }, ago(0));
    const paid = await ofOrder(payment);
    await shop.refund(payment);
    await follow.execute();
    await ranking.record(paid);
    await expectEqual();
  });

  it('loses and doubles no sale when the consumer crashes after any step', async () => {
    await rebuild.execute('missing');
    const products = await addProducts(4);
    for (let i = 0; i < 12; i++) {
      const [payment] = await sellAtRandom(products, 1);
      const entries = await db.outbox.next('events', 10);
      // Dies before it records the events, before it removes them, or after both.
      if (i % 3 > 0) await record.execute(entries.map(({ message }) => message));
      if (i % 3 > 1) await takeOut(entries);
      if (i % 4 === 0) await shop.refund(payment as Payment);
    }
    await Promise.all([follow.execute(), follow.execute()]);
    await expectEqual();
  });

  for (const [what, comeBack] of [
    ['empty', async () => undefined],
    ['with an old snapshot', () => client.sendCommand(['SAVE'])],
  ] as const) {
    it(`returns nothing from a Redis that restarted ${what}, until it was rebuilt`, async () => {
      await rebuild.execute('missing');
      const products = await addProducts(5);
      await sellAtRandom(products, 12);
      await follow.execute();
      await comeBack();
      const [late] = await sellAtRandom(products, 4);
      await follow.execute();
      await shop.refund(late as Payment);
      await follow.execute();
      await server.down();
      await server.up();
      await eventually(() => client.isReady);
      for (const window of POPULARITY_WINDOWS) {
        expect(await ranking.top(spanOf(window, clock.now()), 10), window).to.equal(undefined);
      }
      await follow.execute();
      expect(await rebuild.execute('missing')).to.be.a('number');
      await expectEqual();
    });
  }

  it('is rebuilt correctly while other instances record sales', async () => {
    const products = await addProducts(6);
    await sellAtRandom(products, 30);
    let building = true;
    const selling = (async () => {
      while (building) {
        const [payment] = await sellAtRandom(products, 1);
        if (Math.random() < 0.4) await shop.refund(payment as Payment);
      }
    })();
    const telling = (async () => {
      while (building) await follow.execute();
    })();
    for (let i = 0; i < 5; i++) await rebuild.execute('always');
    building = false;
    await Promise.all([selling, telling]);
    await follow.execute();
    await expectEqual();
  });

  it('is rebuilt by one instance at a time, the last one that asks for it', async () => {
    const [tea] = (await addProducts(1)) as [string];
    const sales: Sale[] = await ofOrder(await shop.sell({ [tea]: 1 }, ago(0)));
    const first = await ranking.rebuild('missing');
    expect(await ranking.rebuild('missing')).to.equal(undefined);
    const second = await ranking.rebuild('always');
    for (const late of [first?.add(sales), first?.finish()]) {
      expect(await rejection(late as Promise<void>)).to.be.instanceOf(RebuildOvertakenError);
    }
    expect(await ranking.top(spanOf('5m', clock.now()), 10)).to.equal(undefined);
    await second?.add(sales);
    await second?.finish();
    await expectEqual();
  });

  it('is not finished by a rebuild when Redis restarts from a snapshot', async () => {
    const [payment] = await sellAtRandom(await addProducts(3), 4);
    const begun = await ranking.rebuild('missing');
    await client.sendCommand(['SAVE']);
    await begun?.add(await ofOrder(payment as Payment));
    await server.down();
    await server.up();
    await eventually(() => client.isReady);
    const late = await rejection(begun?.finish() as Promise<void>);
    expect(late).to.be.instanceOf(RebuildOvertakenError);
    expect(await rebuild.execute('always')).to.be.a('number');
    await expectEqual();
  });

  it('contains the sales that were made while Redis hung', async () => {
    await rebuild.execute('missing');
    const [tea] = (await addProducts(1)) as [string];
    await shop.sell({ [tea]: 2 }, ago(0));
    server.pause();
    const error = await rejection(follow.execute());
    server.resume();
    expect(error).to.be.instanceOf(DependencyUnavailableError);
    expect(await db.outbox.next('events', 10)).to.have.length(2);
    expect(await rebuild.execute('missing')).to.equal(undefined);
    expect(await follow.execute()).to.equal(2);
    await expectEqual();
  });

  it('leaves no key without an expiry', async () => {
    await rebuild.execute('missing');
    await sellAtRandom(await addProducts(3), 8);
    await follow.execute();
    for (const key of (await client.sendCommand(['KEYS', '*'])) as unknown as string[]) {
      if (key.endsWith(':built-on')) continue;
      expect(await client.sendCommand(['PTTL', key]), key).to.be.greaterThan(0);
    }
  });

  describe('adds up a long window in the process', () => {
    const span = () => spanOf('7d', clock.now());
    const inParts = (sender: CommandSender, bounds: { maxEntries: number; maxMs: number }) =>
      new RedisSalesRanking(sender, new SalesBuckets('test'), new UuidV7Generator(), clock, bounds);

    /** Keys of each script but the one that asks for the sizes of all buckets. */
    function counting(before: (parts: number) => Promise<unknown>) {
      const parts: number[] = [];
      const sender: CommandSender = {
        async sendCommand(args, options) {
          const keys = Number(args[2]);
          // A script that Redis does not have yet is sent again as EVAL.
          if (args[0] === 'EVALSHA' && keys < 100) {
            parts.push(keys);
            await before(parts.length);
          }
          return client.sendCommand(args, options);
        },
      };
      return { parts, sender };
    }

    /** Two products sold in each of so many buckets. */
    async function sellInHours(hours: number): Promise<void> {
      const [tea = '', cup = ''] = await addProducts(2);
      for (let i = 1; i <= hours; i += 1) {
        await shop.sell({ [tea]: i, [cup]: 2 * i }, ago(i * 60 * MINUTE));
      }
      await follow.execute();
    }

    it('reads buckets one by one that have too many products for one script', async () => {
      await rebuild.execute('missing');
      await sellInHours(5);
      const { parts, sender } = counting(async () => {});
      const expected = await db.sales.top(span(), 10);
      const bounds = { maxEntries: 1, maxMs: 60_000 };
      expect(await inParts(sender, bounds).top(span(), 10)).to.deep.equal(expected);
      // The mark of a complete ranking, and one bucket.
      expect(parts).to.deep.equal([2, 2, 2, 2, 2]);
    });

    it('reads nothing but the sizes of empty buckets, and small ones by one script', async () => {
      await rebuild.execute('missing');
      const { parts, sender } = counting(async () => {});
      const bounds = { maxEntries: 1_000, maxMs: 60_000 };
      expect(await inParts(sender, bounds).top(span(), 10)).to.deep.equal([]);
      expect(parts).to.deep.equal([]);
      await sellInHours(5);
      const expected = await db.sales.top(span(), 10);
      expect(await inParts(sender, bounds).top(span(), 10)).to.deep.equal(expected);
      expect(parts).to.deep.equal([6]);
    });

    it('returns nothing when a rebuild begins meanwhile', async () => {
      await rebuild.execute('missing');
      await sellInHours(5);
      const { parts, sender } = counting(async (count) => {
        if (count === 3) await ranking.rebuild('always');
      });
      const bounds = { maxEntries: 1, maxMs: 60_000 };
      expect(await inParts(sender, bounds).top(span(), 10)).to.equal(undefined);
      expect(parts).to.have.length(3);
      await rebuild.execute('always');
      await expectEqual();
    });

    it('rejects when the scripts together take too long, although each is in time', async () => {
      await rebuild.execute('missing');
      await sellInHours(5);
      const { parts, sender } = counting(() => sleep(60));
      const late = await rejection(inParts(sender, { maxEntries: 1, maxMs: 100 }).top(span(), 10));
      expect(late).to.be.instanceOf(DependencyUnavailableError);
      expect(parts.length).to.be.within(1, 2);
    });
  });

  it('rejects when Redis cannot be reached, or hangs', async () => {
    for (const window of ['5m', '7d'] as const) {
      server.pause();
      const hung = await rejection(ranking.top(spanOf(window, clock.now()), 10));
      server.resume();
      expect(hung, window).to.be.instanceOf(DependencyUnavailableError);
    }
    await server.down();
    for (const window of ['5m', '7d'] as const) {
      const gone = await rejection(ranking.top(spanOf(window, clock.now()), 10));
      expect(gone, window).to.be.instanceOf(DependencyUnavailableError);
    }
  });
});
