import { expect } from 'chai';
import { WriteIntentExpiredError } from '../../../src/domain/ports/cache-port.js';
import type { Servers } from '../../../src/experiments/experiment.js';
import { cacheExperiments } from '../../../src/experiments/experiments.js';
import { connect, cut } from '../../../src/experiments/support/caching/connect.js';
import type { FreshnessOutcome, RunReport } from '../../../src/experiments/support/run-report.js';
import type { Step } from '../../../src/experiments/support/timeline.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';

type CacheReport = RunReport<FreshnessOutcome>;

describe('The cache experiments', function () {
  this.timeout(240_000);
  const resources = new AsyncDisposableStack();
  let servers: Servers;

  before(async () => {
    const [database, redis] = await Promise.all([startMysql(), startRedis()]);
    resources.use(database);
    resources.use(redis);
    servers = { databaseUrl: await database.createDatabase(), redisUrl: redis.url };
  });

  after(() => resources.disposeAsync());

  async function run(id: string): Promise<CacheReport[]> {
    const experiment = cacheExperiments.find((one) => one.id === id);
    if (!experiment) throw new Error(`there is no experiment ${id}`);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return [...(await experiment.run(servers))];
      } catch (error) {
        // A writer that was blocked for longer than the bound refuses its write.
        if (!(error instanceof WriteIntentExpiredError) || attempt === 4) throw error;
      }
    }
  }

  /** Tries again when the machine was so slow that the entry expired. */
  async function runUntil(
    id: string,
    isShown: (...reports: CacheReport[]) => boolean,
  ): Promise<CacheReport[]> {
    for (let attempt = 1; attempt < 4; attempt += 1) {
      const reports = await run(id);
      if (isShown(...reports)) return reports;
    }
    return run(id);
  }

  const goesStale = (...[naive]: CacheReport[]) =>
    naive !== undefined && naive.outcome.oldestMs > naive.outcome.boundMs;

  it('without a bus serve the new and the old price alternately', async () => {
    const inTurn = [100, 100, 110, 100, 110, 100];
    const showsThem = (...[naive]: CacheReport[]) =>
      naive !== undefined && `${pricesOf(naive)}` === `${inTurn}`;
    const [report] = (await runUntil('local-caches', showsThem)) as [CacheReport];
    expect(pricesOf(report)).to.deep.equal(inTurn);
    expect(report.outcome).to.include({ answers: 6, stale: 2, databaseQueries: 3 });
    expectBeyondBound(report);
  });

  it('with a bus serve only the new price while no message is lost', async () => {
    for (const report of await run('local-caches-with-bus')) {
      expect(pricesOf(report), report.variant).to.deep.equal([100, 100, 110, 110, 110, 110]);
      expect(report.outcome.stale).to.equal(0);
    }
  });

  it('store what a slow loader read before a write, unless the fill is conditional', async () => {
    const [naive, product] = (await runUntil('slow-loader', goesStale)) as [
      CacheReport,
      CacheReport,
    ];
    expectBeyondBound(naive);
    expect(stepsOf(naive)).not.to.include('fill refused');
    expectWithinBound(product);
    expect(stepsOf(product)).to.include('fill refused');
    expect(pricesOf(product).slice(1)).to.satisfy((prices: number[]) =>
      prices.every((price) => price === 110),
    );
  });

  it('miss an invalidation while the bus is cut, unless they compare with the log', async () => {
    const [naive, product] = (await runUntil('bus-cut', goesStale)) as [CacheReport, CacheReport];
    expectBeyondBound(naive);
    expect(naive.timeline.find(({ step }) => step === 'published')?.detail).to.match(/^1 /);
    expectWithinBound(product);
    const replayed = product.timeline.filter(({ request, detail }) => {
      return request === 'B' && detail === 'replay';
    });
    expect(replayed).not.to.have.length(0);
  });

  it('publish to nobody for a while after a connection was cut', async () => {
    await using connections = new AsyncDisposableStack();
    const admin = await connect(servers.redisUrl, 'admin', connections);
    const listener = await connect(servers.redisUrl, 'listener', connections);
    await listener.subscribe('cut', () => undefined);
    const receivers: number[] = [];
    // On a machine that stops for a moment it may be connected again by then, but not each time.
    for (let cuts = 0; cuts < 5; cuts += 1) {
      await cut(admin, 'listener');
      for (let pings = 0; pings < 30; pings += 1) await admin.ping();
      receivers.push(await admin.publish('cut', 'message'));
    }
    expect(receivers).to.include(0);
  });

  it('serve the old price after a writer was killed, unless it set a write intent', async () => {
    const [naive, product] = (await runUntil('killed-writer', goesStale)) as [
      CacheReport,
      CacheReport,
    ];
    expectBeyondBound(naive);
    for (const { timeline } of [naive, product]) {
      const writer = timeline.filter(({ request }) => request === 'A').map(({ step }) => step);
      expect(writer.slice(-2)).to.deep.equal(['committed', 'killed']);
    }
    expect(product.outcome.stale).to.equal(0);
    // From the database while the write intent exists, and from the cache after it expired.
    expect(stepsOf(product)).to.include.members(['not kept', 'hit l2']);
  });

  it('ask the database once for 500 readers that share a load', async () => {
    // Unless the machine is so slow that the entry expires.
    const loadsOnce = (...[, product]: CacheReport[]) => product?.outcome.databaseQueries === 1;
    const reports = await runUntil('stampede', loadsOnce);
    const [naive, product] = reports as [CacheReport, CacheReport];
    expect(naive.outcome).to.include({ answers: 500, databaseQueries: 500 });
    expect(product.outcome).to.include({ answers: 500, databaseQueries: 1 });
  });
});

function pricesOf({ timeline }: CacheReport): number[] {
  const answers = timeline.filter(({ step }) => step === 'answered');
  return answers.map(({ detail }) => Number.parseInt(String(detail), 10));
}

function stepsOf({ timeline }: CacheReport): Step[] {
  return timeline.map(({ step }) => step);
}

/** An experiment whose naive cache is never stale proves nothing. */
function expectBeyondBound({ variant, outcome }: CacheReport): void {
  expect(outcome.stale, variant).to.be.greaterThan(0);
  expect(outcome.oldestMs, variant).to.be.greaterThan(outcome.boundMs);
}

function expectWithinBound({ variant, outcome }: CacheReport): void {
  expect(outcome.oldestMs, variant).to.be.at.most(outcome.boundMs);
}
