import { expect } from 'chai';
import { WriteIntentExpiredError } from '../../src/domain/ports/cache-port.js';
import type { Step } from '../../src/experiments/apparatus/timeline.js';
import type {
  FreshnessOutcome,
  TrialReport,
} from '../../src/experiments/apparatus/trial-report.js';
import type { Servers } from '../../src/experiments/experiment.js';
import { cacheExperiments } from '../../src/experiments/experiments.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';

type CacheReport = TrialReport<FreshnessOutcome>;

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
        // A writer that stood still for longer than the bound refuses its write.
        if (!(error instanceof WriteIntentExpiredError) || attempt === 4) throw error;
      }
    }
  }

  /** A machine that stands still for as long as an answer lives sees it gone, and looks again. */
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

  it('without a bus answer the new price and the old in turn', async () => {
    const inTurn = [100, 100, 110, 100, 110, 100];
    const showsThem = (...[naive]: CacheReport[]) =>
      naive !== undefined && `${pricesOf(naive)}` === `${inTurn}`;
    const [report] = (await runUntil('local-caches', showsThem)) as [CacheReport];
    expect(pricesOf(report)).to.deep.equal(inTurn);
    expect(report.outcome).to.include({ answers: 6, stale: 2, databaseQueries: 3 });
    expectBeyondBound(report);
  });

  it('with a bus answer the new price from then on, while nothing is lost', async () => {
    for (const report of await run('local-caches-with-bus')) {
      expect(pricesOf(report), report.variant).to.deep.equal([100, 100, 110, 110, 110, 110]);
      expect(report.outcome.stale).to.equal(0);
    }
  });

  it('keep what a slow loader read before a write, unless the fill is conditional', async () => {
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

  it('miss what was told while the bus was cut, unless they compare', async () => {
    const [naive, product] = (await runUntil('bus-cut', goesStale)) as [CacheReport, CacheReport];
    expectBeyondBound(naive);
    expect(naive.timeline.find(({ step }) => step === 'told')?.detail).to.match(/^1 /);
    expectWithinBound(product);
    const replayed = product.timeline.filter(({ request, detail }) => {
      return request === 'B' && detail === 'replay';
    });
    expect(replayed).not.to.have.length(0);
  });

  it('answer the old price after a writer was killed, unless it held the cache off', async () => {
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
    // Past the cache while the hold-off stands, and from the cache when it is over.
    expect(stepsOf(product)).to.include.members(['not kept', 'hit l2']);
  });

  it('ask the database once for 500 readers, where they share a load', async () => {
    // Unless the machine stands still for as long as the loaded answer lives.
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

/** An experiment whose naive way shows nothing stale shows nothing. */
function expectBeyondBound({ variant, outcome }: CacheReport): void {
  expect(outcome.stale, variant).to.be.greaterThan(0);
  expect(outcome.oldestMs, variant).to.be.greaterThan(outcome.boundMs);
}

function expectWithinBound({ variant, outcome }: CacheReport): void {
  expect(outcome.oldestMs, variant).to.be.at.most(outcome.boundMs);
}
