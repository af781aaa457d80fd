import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@redis/client';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';
import type { ExperimentOptions, Servers } from '../../../src/experiments/experiment.js';
import {
  cacheExperiments,
  experiments,
  lockExperiments,
  paymentExperiments,
} from '../../../src/experiments/experiments.js';
import { ExperimentProcess } from '../../../src/experiments/lab/child/experiment-process.js';
import { removeLeftovers } from '../../../src/experiments/lab/leftovers.js';
import { newRunName } from '../../../src/experiments/support/run-name.js';
import type { BalanceOutcome, RunReport } from '../../../src/experiments/support/run-report.js';
import type { Step, TimelineEvent } from '../../../src/experiments/support/timeline.js';
import { startExperimentServers } from '../../../tools/playground/experiment/experiment-servers.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { rejection } from '../../support/rejection.js';

const execute = promisify(execFile);
const MAIN = fileURLToPath(
  new URL('../../../tools/playground/experiment/main.js', import.meta.url),
);

type LockReport = RunReport<BalanceOutcome>;

describe('The experiments', () => {
  const resources = new AsyncDisposableStack();
  let servers: Servers;

  before(async () => {
    const own = startRedis({ sources: ['docker', 'binary'] });
    const [database, redis, stoppableRedis] = await Promise.all([startMysql(), startRedis(), own]);
    for (const server of [database, redis, stoppableRedis]) resources.use(server);
    const databaseUrl = await database.createDatabase();
    servers = { databaseUrl, redisUrl: redis.url, stoppableRedis };
  });

  after(() => resources.disposeAsync());

  async function run(id: string, options?: ExperimentOptions): Promise<LockReport[]> {
    const experiment = lockExperiments.find((one) => one.id === id);
    if (!experiment) throw new Error(`there is no experiment ${id}`);
    return [...(await experiment.run(servers, options))];
  }

  async function runOne(id: string, options?: ExperimentOptions): Promise<LockReport> {
    const [report, ...others] = await run(id, options);
    if (!report || others.length > 0) throw new Error(`${id} has ${others.length + 1} runs`);
    return report;
  }

  /** Tries with longer pauses: on a slow machine the other requests may need that long. */
  async function runUntilLost(id: string): Promise<LockReport> {
    for (const pauseLimitMs of [200, 1_000]) {
      const report = await runOne(id, { pauseLimitMs });
      if (report.outcome.lostUpdates > 0) return report;
    }
    return runOne(id, { pauseLimitMs: 5_000 });
  }

  it('have unique names and a question each', () => {
    const ids = experiments.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { question } of experiments) expect(question).to.match(/\?$/);
  });

  it('without a lock lose charges', async () => {
    const { outcome, timeline } = await runUntilLost('no-lock');
    expect(outcome).to.include({ expected: 130, refused: 0 });
    expect(outcome.lostUpdates).to.be.greaterThan(0);
    expect(stepsOf(timeline, 'R1')).to.deep.equal(['begun', 'read', 'written', 'committed']);
  });

  it('with the transaction before the lock lose charges, although one request holds the lock at a time', async () => {
    const { outcome, timeline } = await runUntilLost('transaction-before-lock');
    expect(outcome).to.include({ expected: 130, refused: 0 });
    expect(outcome.lostUpdates).to.be.greaterThan(0);
    expect(mostHolders(timeline)).to.equal(1);
  });

  it('with the lock released before the commit lose charges, although one request holds the lock at a time', async () => {
    const { outcome, timeline } = await runUntilLost('release-before-commit');
    expect(outcome).to.include({ expected: 130, refused: 0 });
    expect(outcome.lostUpdates).to.be.greaterThan(0);
    expect(mostHolders(timeline)).to.equal(1);
    for (const request of ['R1', 'R2', 'R3']) {
      const steps = stepsOf(timeline, request);
      expect(steps.indexOf('written')).to.be.lessThan(steps.indexOf('released'));
    }
  });

  it('with keys named after the feature lose a charge or a payment', async () => {
    const { outcome, timeline } = await runUntilLost('feature-named-keys');
    expect(outcome).to.include({ expected: 100, lostUpdates: 1, refused: 0 });
    expect(details(timeline, 'acquired')).to.have.members(['charge:alice', 'pay:alice']);
  });

  it('with lock, transaction, commit and release with lock, transaction, commit and release in the right order lose nothing', async () => {
    const { outcome, timeline } = await runOne('right-order');
    expect(outcome).to.deep.equal({ expected: 130, actual: 130, lostUpdates: 0, refused: 0 });
    expect(details(timeline, 'read')).to.deep.equal([100, 110, 120]);
    for (const request of ['R1', 'R2', 'R3']) {
      expect(stepsOf(timeline, request)).to.deep.equal([
        'waiting',
        'acquired',
        'begun',
        'read',
        'written',
        'committed',
        'released',
      ]);
    }
  });

  it('lose a charge after a paused holder lost its lease, unless the lease is checked or the row is guarded', async () => {
    const reports = await run('paused-holder');
    const outcomes = Object.fromEntries(reports.map(({ variant, outcome }) => [variant, outcome]));
    const refused = { expected: 110, actual: 110, lostUpdates: 0, refused: 1 };
    expect(outcomes).to.deep.equal({
      'lock alone': { expected: 120, actual: 110, lostUpdates: 1, refused: 0 },
      'lease check': refused,
      'version guard': refused,
    });
    for (const { timeline } of reports) {
      const paused = timeline.findIndex(({ step }) => step === 'paused');
      const resumed = timeline.findIndex(({ step }) => step === 'resumed');
      expect(stepsOf(timeline.slice(paused, resumed), 'R2')).to.include.members([
        'acquired',
        'committed',
      ]);
    }
  });

  it('lose nothing with any strategy of waiting, and refuse requests only with the simple one', async () => {
    const reports = await run('ways-of-waiting', { durationMs: 300 });
    expect(reports.map(({ variant }) => variant)).to.deep.equal(['simple', 'spin', 'pubsub']);
    for (const { outcome } of reports) {
      expect(outcome.lostUpdates).to.equal(0);
      expect(outcome.actual).to.equal(100 + 10 * (outcome.waits?.served ?? Number.NaN));
      expect(outcome.waits?.fairness).to.be.within(1 / 6, 1);
      // A request that is served has acquired the lock and released it.
      expect(outcome.waits?.commandsPerSection).to.be.greaterThan(1);
      const { waitsMs = [], waitMaxMs } = outcome.waits ?? {};
      expect([waitsMs.length, waitsMs.at(-1)]).to.deep.equal([101, waitMaxMs]);
    }
    const [simple, spin, pubsub] = reports.map(({ outcome }) => outcome.refused);
    expect(simple).to.be.greaterThan(0);
    expect([spin, pubsub]).to.deep.equal([0, 0]);
  });

  it('kill a Redis that the lab has started for the run, and leave none', async () => {
    const lab = new ExperimentProcess();
    try {
      const { databaseUrl, redisUrl } = servers;
      const command = { experiment: 'lock-manager-down', settings: {}, removesLeftovers: false };
      const steps: string[] = [];
      const reports = await lab.run({ ...command, servers: { databaseUrl, redisUrl } }, (more) =>
        steps.push(...more.map(({ request, step }) => `${request} ${step}`)),
      );
      expect(reports).to.have.length(3);
      expect(steps).to.include.members(['Redis stopped', 'R2 fell back', 'Redis started']);
      const [folder = ''] = readdirSync(os.tmpdir()).filter((name) =>
        name.startsWith(`lockstep-lab-${lab.pid}-`),
      );
      expect(readdirSync(path.join(os.tmpdir(), folder))).to.deep.equal([]);
    } finally {
      await lab.close();
    }
  });

  it('lose nothing while the lock manager is down, unless they continue without a lock', async () => {
    let reports = await run('lock-manager-down');
    for (const pauseLimitMs of [1_500, 5_000]) {
      // The requests that continue need to read before the first one writes.
      if (reports[1]?.outcome.lostUpdates) break;
      reports = await run('lock-manager-down', { pauseLimitMs });
    }
    const [refusing, careless, service] = reports;
    expect(refusing?.outcome).to.deep.equal(balance(120, { refused: 3 }));
    expect(careless?.outcome).to.include({ expected: 150, refused: 0 });
    expect(careless?.outcome.lostUpdates).to.be.within(1, 2);
    expect(service?.outcome).to.deep.equal(balance(150, { refused: 0 }));
    for (const { timeline } of reports) {
      expect(stepsOf(timeline, 'Redis')).to.deep.equal(['stopped', 'started']);
      // R1 had the lock and had read when Redis went down; R5 gets the lock from the restarted Redis.
      const stopped = timeline.findIndex(({ step }) => step === 'stopped');
      expect(stepsOf(timeline.slice(0, stopped), 'R1')).to.include.members(['acquired', 'read']);
      expect(stepsOf(timeline, 'R5')).to.include.members(['acquired', 'committed', 'released']);
    }
    for (const request of ['R2', 'R3', 'R4']) {
      expect(stepsOf(refusing?.timeline ?? [], request)).to.deep.equal(['waiting', 'refused']);
      expect(stepsOf(careless?.timeline ?? [], request)).to.include('no lock');
      expect(stepsOf(service?.timeline ?? [], request)).to.deep.equal([
        'waiting',
        'fell back',
        'row locked',
        'begun',
        'read',
        'written',
        'committed',
      ]);
    }
  });

  it('lose the money of a payment whose second step fails, unless the saga is stored', async () => {
    const [experiment] = paymentExperiments;
    const reports = (await experiment?.run(servers)) ?? [];
    const outcomes = reports.map(({ outcome }) => outcome);
    const nothing = { order: 'CANCELLED', reserved: 0, captured: 0, refunded: 0, voided: 0 };
    expect(outcomes).to.deep.equal([
      { ...nothing, captured: 300, missing: 300 },
      { ...nothing, captured: 300, missing: 300 },
      { ...nothing, voided: 300, missing: 0 },
    ]);
    const [, caught, saga] = reports.map(({ timeline }) => timeline);
    expect(stepsOf(caught ?? [], 'payment')).to.deep.equal(['authorised', 'captured', 'killed']);
    expect(stepsOf(saga ?? [], 'payment')).to.deep.equal(['authorised', 'killed']);
    expect(stepsOf(saga ?? [], 'recovery')).to.deep.equal(['voided']);
  });

  it('fail at once when a server is down', async () => {
    for (const experiment of [...lockExperiments, ...cacheExperiments, ...paymentExperiments]) {
      const withoutRedis = experiment.run({ ...servers, redisUrl: 'redis://127.0.0.1:1' });
      expect(await rejection(withoutRedis)).to.have.property('code', 'ECONNREFUSED');
      const withoutDatabase = experiment.run({ ...servers, databaseUrl: 'mysql://127.0.0.1:1/x' });
      expect(await rejection(withoutDatabase)).to.be.instanceOf(DependencyUnavailableError);
    }
  });

  it('that were killed leave tables and keys, which are removed after ten minutes', async () => {
    await using connections = new AsyncDisposableStack();
    const database = await createConnection(servers.databaseUrl);
    connections.defer(() => database.end());
    const redis = await createClient({ url: servers.redisUrl }).connect();
    connections.defer(async () => redis.destroy());
    const [old, recent] = [newRunName(Date.now() - 601_000), newRunName()];
    for (const name of [old, recent]) {
      await database.query(`CREATE TABLE experiment_wallets_${name} (id INT)`);
      await database.query(`CREATE DATABASE experiment_${name}`);
      await redis.set(`experiment:${name}:lock`, '1');
    }
    const namesOf = (name: string) => [
      `experiment_wallets_${name}`,
      `experiment_${name}`,
      `experiment:${name}:lock`,
    ];
    expect(await removeLeftovers(servers)).to.have.members(namesOf(old));
    // As if ten minutes had passed.
    expect(await removeLeftovers(servers, Date.now() + 601_000)).to.have.members(namesOf(recent));
  });

  it('remove their tables and keys', async () => {
    const database = await createConnection({ uri: servers.databaseUrl });
    const [tables] = await database.query('SHOW TABLES');
    database.destroy();
    const redis = await createClient({ url: servers.redisUrl }).connect();
    const keys = await redis.keys('experiment:*');
    redis.destroy();
    expect({ tables, keys }).to.deep.equal({ tables: [], keys: [] });
  });

  describe('from the command line', () => {
    async function command(...ids: string[]) {
      const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = servers;
      return execute(process.execPath, [MAIN, ...ids], { env: { DATABASE_URL, REDIS_URL } });
    }

    it('print the timeline and the outcome', async () => {
      const { stdout } = await command('feature-named-keys');
      expect(stdout).to.match(/ read 100\n/);
      expect(stdout).to.match(/=> expected 100, actual (90|110), lost 1, refused 0\n/);
    });

    it('list all experiments when an unknown one is named', async () => {
      const error = await rejection(command('no-such'));
      expect(error).to.include({ code: 2, stdout: '' });
      expect((error as { stderr: string }).stderr).to.match(/no-such: there are no-lock, /);
    });

    it('start every server that no variable names', async () => {
      const env = { PATH: process.env['PATH'] };
      const { stdout } = await execute(process.execPath, [MAIN, 'feature-named-keys'], { env });
      expect(stdout).to.match(/=> expected 100, actual (90|110), lost 1, refused 0\n/);
    });

    it('start only the servers that are needed and not named, and stop only those', async () => {
      const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = servers;
      Object.assign(process.env, { DATABASE_URL, REDIS_URL });
      const opened = new AsyncDisposableStack();
      try {
        const needs = [{}, { needs: 'a Redis to stop' as const }];
        const started = await startExperimentServers(needs, opened);
        expect(started.missing).to.deep.equal([]);
        const { stoppableRedis, ...others } = started.servers;
        const given = { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL };
        expect(others).to.deep.equal({ ...given, kafkaBrokers: undefined });
        expect(await answers(stoppableRedis?.url)).to.equal(true);
        await opened.disposeAsync();
        expect(await answers(stoppableRedis?.url)).to.equal(false);
        expect(await answers(REDIS_URL)).to.equal(true);
      } finally {
        for (const name of ['DATABASE_URL', 'REDIS_URL']) delete process.env[name];
        await opened.disposeAsync();
      }
    });
  });
});

async function answers(url = ''): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

function balance(points: number, { refused }: { refused: number }): BalanceOutcome {
  return { expected: points, actual: points, lostUpdates: 0, refused };
}

function stepsOf(timeline: readonly TimelineEvent[], request: string): Step[] {
  return timeline.filter((event) => event.request === request).map(({ step }) => step);
}

function details(timeline: readonly TimelineEvent[], step: Step) {
  return timeline.filter((event) => event.step === step).map(({ detail }) => detail);
}

/** How many held a lock at once, at most. */
function mostHolders(timeline: readonly TimelineEvent[]): number {
  let [holders, most] = [0, 0];
  for (const { step } of timeline) {
    if (step === 'acquired') holders += 1;
    if (step === 'released') holders -= 1;
    most = Math.max(most, holders);
  }
  return most;
}
