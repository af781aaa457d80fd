import { createClient } from '@redis/client';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { Servers } from '../../../src/experiments/experiment.js';
import { lockAgainstQueue } from '../../../src/experiments/scenarios/ordering/lock-against-queue.js';
import {
  arrivalFigures,
  type Purchase,
} from '../../../src/experiments/support/ordering/arrival-order.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { startKafka } from '../../../tools/servers/kafka/start-kafka.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { rejection } from '../../support/rejection.js';

describe('The experiment of lock against queue', function () {
  this.timeout(90_000);
  const resources = new AsyncDisposableStack();
  let servers: Servers & { readonly kafkaBrokers: string };

  before(async () => {
    // A separate Redis: in a shared one, the keys of other tests would be found too.
    const ownRedis = startRedis({ sources: ['docker', 'binary'] });
    const [database, redis, kafka] = await Promise.all([startMysql(), ownRedis, startKafka()]);
    for (const server of [database, redis, kafka]) resources.use(server);
    const databaseUrl = await database.createDatabase();
    servers = { databaseUrl, redisUrl: redis.url, kafkaBrokers: kafka.brokers };
  });

  after(() => resources.disposeAsync());

  it('sells every unit once in both ways, settles in the order of acceptance, and leaves nothing on the servers', async () => {
    const reports = await lockAgainstQueue.run(servers, { requests: 50 });
    expect(reports.map(({ variant }) => variant)).to.deep.equal(['lock', 'queue']);
    for (const { variant, outcome } of reports) {
      expect(outcome, variant).to.include({ buyers: 50, sold: 40, oversold: 0, unitsLeft: 0 });
      expect(outcome.brokenAcceptances, variant).to.equal(0);
      expect(outcome.settledP50Ms, variant).to.be.at.least(outcome.answeredP50Ms);
      const times = [outcome.settledMs[50], outcome.settledMs[99]];
      expect(times, variant).to.deep.equal([outcome.settledP50Ms, outcome.settledP99Ms]);
      // Two instances with a pool of ten each.
      expect(outcome.connections, variant).to.be.within(1, 20);
    }
    // The servers are shared: another test may run experiments now, whose traces end with them.
    const found = await traces(servers);
    await eventually(
      async () => {
        const left = new Set(await traces(servers));
        expect(found.filter((trace) => left.has(trace))).to.deep.equal([]);
      },
      { everyMs: 500 },
    );
  });

  it('fails at once when a server is down', async () => {
    const unreachable = [
      { redisUrl: 'redis://127.0.0.1:1' },
      { kafkaBrokers: '127.0.0.1:1' },
      { kafkaBrokers: undefined },
    ];
    for (const lack of unreachable) {
      expect(await rejection(lockAgainstQueue.run({ ...servers, ...lack }))).to.be.an('error');
    }
    const withoutDatabase = { ...servers, databaseUrl: 'mysql://127.0.0.1:1/x' };
    expect(await rejection(lockAgainstQueue.run(withoutDatabase))).to.be.instanceOf(
      DependencyUnavailableError,
    );
  });
});

describe('The order of arrival', () => {
  const bought = (orderId: string | undefined, sentMs: number, acceptedMs: number): Purchase => ({
    ...{ orderId, sentMs, acceptedMs },
    settledMs: 100,
  });

  it('has no inverted pair where each later buyer is settled later', () => {
    const purchases = [bought('b', 2, 9), bought('a', 1, 8), bought(undefined, 0, 1)];
    expect(arrivalFigures(purchases)).to.deep.equal({
      sentInverted: 0,
      acceptedInverted: 0,
      longestOvertakingMs: 0,
      brokenAcceptances: 0,
    });
  });

  it('counts a pair that is settled in inverted order, and separately one that was accepted in order', () => {
    // c came first and is settled last: a overtakes it while both are under way, b after its acceptance.
    const purchases = [bought('c', 1, 5), bought('a', 3, 9), bought('b', 7, 9)];
    expect(arrivalFigures(purchases)).to.deep.equal({
      sentInverted: 2 / 3,
      acceptedInverted: 2 / 3,
      longestOvertakingMs: 6,
      brokenAcceptances: 1,
    });
  });
});

/** Everything that the experiment could leave on the servers. */
async function traces({ databaseUrl, redisUrl, kafkaBrokers = '' }: Servers): Promise<string[]> {
  const database = await createConnection({ uri: databaseUrl });
  const [schemas] = await database.query("SHOW DATABASES LIKE 'experiment%'");
  database.destroy();
  const redis = await createClient({ url: redisUrl }).connect();
  // Without the key by which a connection proves that its server accepts writes.
  const keys = (await redis.keys('*')).filter((key) => key !== 'lockstep:writable');
  redis.destroy();
  const topics = await new KafkaTopic(kafkaBrokers, 'experiment').named();
  return [...(schemas as object[]).map((row) => JSON.stringify(row)), ...keys, ...topics];
}
