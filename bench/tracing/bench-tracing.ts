import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceProgram } from '../../tools/project-root.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import type { Running } from '../service/contestant.js';
import { drive } from '../service/load/drive.js';
import { processCpuMs } from '../service/load/process-cpu.js';
import { startShop } from '../service/lockstep/start-shop.js';
import type { Scenario } from '../service/plan.js';

export interface TracingPlan {
  readonly rounds: number;
  readonly ms: number;
  readonly warmUpMs: number;
}

/** One way to run the service. The first one is what the others are compared with. */
export interface Variant {
  readonly name: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Processor time of the instance, for each request of one run. */
export interface TracingSample {
  readonly variant: string;
  readonly scenario: string;
  readonly microseconds: number;
}

const SCENARIOS: readonly Scenario[] = [
  { id: 'hits of a product', what: 'read', products: 1, atOnce: 20, among: [] },
  { id: 'orders of 20 products', what: 'order', products: 20, atOnce: 20, among: [] },
];

const PROGRAM = serviceProgram();

/** `receiver`: the address to which spans are sent. */
export function variantsOf(receiver: string): readonly Variant[] {
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver };
  const without = { ...traced, OTEL_TRACES_SAMPLER: 'always_off' };
  return [
    { name: 'off', program: PROGRAM, env: {} },
    { name: 'off, a second instance', program: PROGRAM, env: {} },
    { name: 'on, nothing sampled', program: PROGRAM, env: without },
    { name: 'on, everything sampled', program: PROGRAM, env: traced },
  ];
}

/** Each variant under the same load, in turn, so that all of them meet the same noise. */
export async function benchTracing(
  plan: TracingPlan,
  variants: (receiver: string) => readonly Variant[],
  progress: (line: string) => void,
): Promise<TracingSample[]> {
  await using resources = new AsyncDisposableStack();
  const database = resources.use(await startMysql());
  const redis = resources.use(await startRedis());
  const receiver = await startReceiver(resources);
  const samples: TracingSample[] = [];
  for (const scenario of SCENARIOS) {
    await using shops = new AsyncDisposableStack();
    const running: [Variant, Running][] = [];
    for (const variant of variants(receiver)) {
      const servers = { databaseUrl: await database.createDatabase(), redisUrl: redis.url };
      const shop = await startShop(variant.program, servers, scenario, variant.env);
      running.push([variant, shops.use(shop)]);
    }
    for (let round = 1; round <= plan.rounds; round += 1) {
      progress(`${scenario.id}, round ${round} of ${plan.rounds}`);
      for (const [variant, shop] of running) {
        const microseconds = await measure(shop, scenario, plan);
        samples.push({ variant: variant.name, scenario: scenario.id, microseconds });
      }
    }
  }
  return samples;
}

async function measure(
  { urls, processes, requests }: Running,
  { what, products, atOnce }: Scenario,
  { ms, warmUpMs }: TracingPlan,
): Promise<number> {
  const pid = processes[0]?.pid ?? 0;
  let product = 0;
  let before = 0;
  const driven = await drive({
    urls,
    atOnce,
    ms,
    warmUpMs,
    request: () => {
      product = (product + 1) % products;
      return requests[what]?.(product);
    },
    onBegin: async () => {
      before = processCpuMs(pid);
    },
  });
  return ((processCpuMs(pid) - before) * 1_000) / driven.answers;
}

/** Takes all spans and keeps none. */
async function startReceiver(resources: AsyncDisposableStack): Promise<string> {
  const server = createServer((req, res) => req.resume().once('end', () => res.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  resources.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
