import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../../../bench/statistics.js';
import { figure } from '../../../../bench/table.js';
import { MOST_LOCK_KEYS } from '../../../../src/domain/resource-keys.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import { ApiClient } from '../../../support/api-client.js';
import { servers } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { addProduct } from '../../../support/shop.js';
import { Buyer } from '../large-orders/buyer.js';
import { type RedisFigures, RedisWatch } from '../large-orders/redis-figures.js';
import { type ChargeSeen, SteadyCharges } from '../large-orders/steady-charges.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';

const ORDERS = 64;
const PRODUCTS = 1_300;
/** Charges are observed for this time, in milliseconds, or until all orders are settled. */
const PHASE_MS = 4_000;
const MOST_BYTES = 200;
const HOUR_MS = 3_600_000;
/** The factor by which the p99 of another customer may rise. */
const MOST_MOVED = 2;

interface Phase {
  readonly name: string;
  readonly charges: readonly ChargeSeen[];
  readonly redis: RedisFigures;
  /** Time until the last order was settled. */
  readonly settledMs: number;
}

async function run({ seconds, seed }: FaultOptions): Promise<FaultReport> {
  await using open = await servers.open();
  await using redis = await startRedis({ ways: ['docker', 'binary'] });
  const env = { ...open.env, REDIS_URL: redis.url };
  await using instance = await InstanceProcess.start(env);
  const { url } = instance;
  const admin = await ApiClient.of(url, env, 'admin', 'admin');
  const products: string[] = [];
  while (products.length < PRODUCTS) products.push(await addProduct(admin, { stock: 100_000 }));
  await using buyer = await Buyer.start({ url, env, products, seed });
  await using watch = await RedisWatch.start(redis.url);
  const other = await ApiClient.of(url, env, 'other');

  const phase = async (name: string, orders: () => Promise<void>): Promise<Phase> => {
    const charges = new SteadyCharges(other);
    const from = performance.now();
    const settled = orders().then(() => performance.now() - from);
    await Promise.all([settled, sleep(PHASE_MS)]);
    return {
      name,
      charges: await charges.stop(),
      redis: await watch.figures(),
      settledMs: await settled,
    };
  };
  const known = () => buyer.order({ orders: ORDERS, kind: 'known' });
  const unknown = () => buyer.order({ orders: ORDERS, kind: 'unknown' });
  const quiet = async () => {};
  await phase('warm', known);

  const phases: Phase[] = [];
  const until = performance.now() + seconds * 1_000;
  do {
    phases.push(await phase('quiet', quiet));
    phases.push(await phase('unknown products', unknown));
    phases.push(await phase('quiet', quiet));
    phases.push(await phase('products there are', known));
  } while (performance.now() < until);
  return report(phases);
}

function report(phases: readonly Phase[]): FaultReport {
  const byName = [...Map.groupBy(phases, ({ name }) => name)];
  const p99 = new Map(byName.map(([name, all]) => [name, percentile(latencies(all), 0.99)]));
  const rows = byName.map(([name, all]) => {
    const most = (of: (figures: RedisFigures) => number) =>
      Math.max(...all.map(({ redis }) => of(redis)));
    const taken = latencies(all);
    return [
      name,
      String(taken.length),
      figure(Math.max(...all.map(({ settledMs }) => settledMs)) / 1_000),
      ...[0.5, 0.99, 1].map((share) => figure(percentile(taken, share))),
      figure((p99.get(name) ?? Number.NaN) / (p99.get('quiet') ?? Number.NaN)),
      String(most(({ mostKeysOfACall }) => mostKeysOfACall)),
      figure(most(({ longestCallMs }) => longestCallMs)),
      String(most(({ keys }) => keys)),
      String(most(({ mostBytesOfAKey }) => mostBytesOfAKey)),
      figure(most(({ grownBytes }) => grownBytes) / 1e6),
    ];
  });
  const charge = ['charges', 'settled s', 'p50 ms', 'p99 ms', 'max ms', 'p99 to quiet'];
  return {
    done: [`${ORDERS} orders of 100 products at once, ${phases.length / 4} times of each kind`],
    verdicts: verdicts(phases, p99),
    figures: [
      {
        title: "another customer's charges, and Redis",
        columns: [
          'meanwhile',
          ...charge,
          'keys a call',
          'call ms',
          'lock keys',
          'bytes a key',
          'grown MB',
        ],
        rows,
      },
    ],
  };
}

function verdicts(phases: readonly Phase[], p99: ReadonlyMap<string, number>): Verdict[] {
  const quiet = p99.get('quiet') ?? Number.NaN;
  const moved = [...p99].filter(([, ms]) => !(ms < MOST_MOVED * quiet));
  const charges = phases.flatMap((phase) => phase.charges);
  return [
    verdictOf(
      `another customer's p99 moves by less than ${MOST_MOVED} times`,
      charges.length,
      moved.map(([name, ms]) => `${name}: ${figure(ms)} ms, quiet ${figure(quiet)} ms`),
    ),
    verdictOf(
      'every charge of the other customer was taken',
      charges.length,
      charges.filter(({ status }) => status !== 201).map(({ status }) => `${status}`),
    ),
    verdictOf(
      `no call of the lock names more than ${MOST_LOCK_KEYS} keys`,
      Math.max(...phases.map(({ redis }) => redis.mostKeysOfACall)),
      phases
        .filter(({ redis }) => redis.mostKeysOfACall > MOST_LOCK_KEYS)
        .map(({ redis }) => `${redis.mostKeysOfACall} keys`),
    ),
    verdictOf(
      `Redis keeps less than ${MOST_BYTES} bytes a lock key, and none for an hour`,
      Math.max(...phases.map(({ redis }) => redis.keys)),
      phases
        .filter(
          ({ redis }) => redis.mostBytesOfAKey >= MOST_BYTES || redis.longestStayMs >= HOUR_MS,
        )
        .map(({ redis }) => `${redis.mostBytesOfAKey} bytes, ${redis.longestStayMs} ms`),
    ),
  ];
}

function latencies(phases: readonly Phase[]): number[] {
  return phases.flatMap(({ charges }) =>
    charges.map(({ sentAt, settledAt }) => settledAt - sentAt),
  );
}

export const largeOrders: FaultScenario = {
  name: 'large-orders',
  title: `${ORDERS} orders of 100 products each through the queue, beside another customer`,
  seconds: 60,
  run,
};
