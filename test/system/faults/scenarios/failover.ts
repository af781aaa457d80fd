import { setTimeout as pause } from 'node:timers/promises';
import { figure, type Table } from '../../../../bench/table.js';
import { verdictOf } from '../../../../tools/invariants/verdict.js';
import { ApiClient } from '../../../support/api-client.js';
import { type Env, embedded } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { addProduct } from '../../../support/shop.js';
import { DatabasePair } from '../../failover/database-pair.js';
import { RECOVERY_MS, ReadinessWatch } from '../../failover/readiness-watch.js';
import { RedisPair } from '../../failover/redis-pair.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';

const INSTANCES = 2;

/** Time with writes between two faults, in milliseconds. */
const BETWEEN_MS = 500;

type How = 'left open' | 'cut';

/** How long one instance took after the address moved; undefined when it took too long. */
interface Recovery {
  readonly what: string;
  readonly ms: number | undefined;
}

/** Both servers fail over behind their addresses, again and again, with two instances. */
async function runFailovers({ seconds }: FaultOptions): Promise<FaultReport> {
  await using redis = await RedisPair.start();
  await using database = await DatabasePair.start();
  await using backend = await embedded.open();
  const env = { ...backend.env, REDIS_URL: redis.url, DATABASE_URL: database.url };
  await using resources = new AsyncDisposableStack();
  const clients = await Promise.all(
    Array.from({ length: INSTANCES }, async () => {
      const { url } = resources.use(await InstanceProcess.start(env));
      return clientOf(url, env);
    }),
  );
  const recoveries: Recovery[] = [];
  const edits = await Promise.all(clients.map(editing));
  const until = performance.now() + seconds * 1_000;
  for (let round = 0; performance.now() < until || round < 2; round += 1) {
    const how = howOf(round);
    await redis.swap();
    await Promise.all(edits.map((watch) => watch.untilRefused()));
    redis.move(how);
    recoveries.push(...(await recoveriesOf(`Redis, connections ${how}`, edits)));
    await pause(BETWEEN_MS);
  }
  // The database fails over once in each direction, because one server does not have the writes of
  // the other.
  const charges = clients.map(charging);
  for (const [round, to] of (['second', 'first'] as const).entries()) {
    const how = howOf(round);
    await database.run(to, 'SET GLOBAL read_only = 0');
    await database.run(to === 'second' ? 'first' : 'second', 'SET GLOBAL read_only = 1');
    await Promise.all(charges.map((watch) => watch.untilRefused()));
    database.moveTo(to);
    if (how === 'cut') {
      database.relay.cut();
      database.relay.mend();
    }
    recoveries.push(...(await recoveriesOf(`database, connections ${how}`, charges)));
  }
  return reportOf(recoveries, [...edits, ...charges]);
}

function howOf(round: number): How {
  return round % 2 === 0 ? 'left open' : 'cut';
}

async function clientOf(url: string, env: Env): Promise<ApiClient> {
  return ApiClient.of(url, env, 'operator', 'admin');
}

async function editing(client: ApiClient): Promise<ReadinessWatch> {
  const id = await addProduct(client);
  let price = 100;
  const edit = () => {
    price += 1;
    return client.patch(`/v1/products/${id}`, { price });
  };
  return new ReadinessWatch(client, edit, ({ body }) => body.status === 'ready');
}

function charging(client: ApiClient): ReadinessWatch {
  const charge = () => client.post('/v1/wallets/me/charges', { amount: 1 });
  return new ReadinessWatch(client, charge, ({ status }) => status === 200);
}

function recoveriesOf(what: string, watches: readonly ReadinessWatch[]): Promise<Recovery[]> {
  const from = performance.now();
  return Promise.all(
    watches.map(async (watch) => {
      const taken = await watch.untilTaken(RECOVERY_MS).catch(() => undefined);
      return { what, ms: taken && performance.now() - from };
    }),
  );
}

function reportOf(
  recoveries: readonly Recovery[],
  watches: readonly ReadinessWatch[],
): FaultReport {
  const kinds = [...Map.groupBy(recoveries, ({ what }) => what)];
  const late = recoveries.filter(({ ms }) => ms === undefined);
  return {
    done: kinds.map(([what, each]) => `${each.length / INSTANCES} failovers: ${what}`),
    verdicts: [
      verdictOf(
        `first write taken within ${RECOVERY_MS / 1_000} s`,
        recoveries.length,
        late.map(({ what }) => what),
      ),
      verdictOf(
        'never ready while writes fail',
        watches.length,
        watches.flatMap(({ lies }) => lies),
      ),
    ],
    figures: [figuresOf(kinds)],
  };
}

function figuresOf(kinds: readonly (readonly [string, readonly Recovery[]])[]): Table {
  const rows = kinds.map(([what, each]) => {
    const worst = Math.max(...each.map(({ ms }) => ms ?? Number.NaN));
    return [what, String(each.length), figure(worst)];
  });
  return {
    title: 'from the moment the address moved until an instance took a write',
    columns: ['failover of', 'recoveries', 'worst ms'],
    rows,
  };
}

export const failover: FaultScenario = {
  name: 'failover',
  title: 'Redis and the database fail over behind one address, connections left open or cut',
  seconds: 30,
  run: runFailovers,
};
