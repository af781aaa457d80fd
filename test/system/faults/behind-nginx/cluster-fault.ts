import { expect } from 'chai';
import { percentile } from '../../../../bench/statistics.js';
import { figure, type Table } from '../../../../bench/table.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { signToken } from '../../../../src/config/settings/tokens/sign-token.js';
import { auditPayments, auditShop } from '../../../../tools/invariants/audit-ledgers.js';
import { readShopState } from '../../../../tools/invariants/read-shop-state.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { prepareShop } from '../../../../tools/load/prepare-shop.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient } from '../../../support/api-client.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';
import { type FaultCluster, startDockerFaultCluster, startFaultCluster } from './fault-cluster.js';
import { FreshnessProbe } from './freshness.js';
import { hasFailed, nothingElse, type Span } from './judge-traffic.js';
import { type Rates, type Traffic, TrafficThroughNginx } from './traffic.js';

const USUAL_RATES: Rates = { reads: 60, orders: 15 };
const STOCKING = { products: 10, units: 100_000, customers: 20 };
const RECOVERY_MS = 60_000;

/** A fault of a cluster under load, and further claims that must hold. */
export interface ClusterFault extends Omit<FaultScenario, 'run'> {
  readonly rates?: Rates;
  /** Whether it needs the way to Redis, which a cluster in Docker does not have. */
  readonly needsWayToRedis?: boolean;
  /** Takes about `seconds`. Everything that ran before runs again afterwards. */
  inflict(cluster: FaultCluster, course: Course): Promise<void>;
  judge(traffic: Traffic, span: FaultSpan): readonly Verdict[];
}

export interface FaultSpan extends Span {
  /** When each step was recorded, as `performance.now()`. */
  readonly steps: readonly number[];
}

export interface Course {
  readonly seconds: number;
  readonly random: Random;
  /** Records what was done, and when. */
  did(what: string): void;
  /** Adds a verdict to those that are judged at the end. */
  found(verdict: Verdict): void;
}

/** The same fault on its own cluster, for the command. */
export function scenarioOf(fault: ClusterFault): FaultScenario {
  const { name, title, seconds, needsWayToRedis = false } = fault;
  const run = async (options: FaultOptions) => {
    const start = options.inDocker ? startDockerFaultCluster : startFaultCluster;
    await using cluster = await start();
    return await runFault(fault, cluster, { ...options, rates: ratesOf(fault, options.rate) });
  };
  return { name, title, seconds, runsInDocker: !needsWayToRedis, run };
}

/** The rates of the fault, or as many requests a second in the same proportion. */
function ratesOf({ rates = USUAL_RATES }: ClusterFault, perSecond?: number): Rates {
  if (perSecond === undefined) return rates;
  const { reads, orders } = rates;
  const share = perSecond / (reads + orders);
  return { reads: reads * share, orders: orders * share };
}

export async function runFault(
  fault: ClusterFault,
  cluster: FaultCluster,
  { seconds, seed, rates = fault.rates ?? USUAL_RATES }: FaultOptions & { readonly rates?: Rates },
): Promise<FaultReport> {
  // The previous fault may still have an effect on Redis. Until it ends, products are refused.
  const shop = await eventually(() => prepareShop(cluster.url, cluster.env, STOCKING));
  const clients = await directClients(cluster);
  const admin = await clientOf(cluster, cluster.url);
  const watched = await addProduct(admin);
  using traffic = new TrafficThroughNginx(shop, rates);
  using probe = new FreshnessProbe(admin, clients, `/v1/products/${watched}`);
  const done: string[] = [];
  const steps: number[] = [];
  const from = performance.now();
  const did = (what: string) => {
    const now = performance.now();
    steps.push(now);
    done.push(`${((now - from) / 1_000).toFixed(1)} s  ${what}`);
  };
  const verdicts: Verdict[] = [];
  const found = (verdict: Verdict) => void verdicts.push(verdict);
  await fault.inflict(cluster, { seconds, random: new Random(seed), did, found });
  const to = performance.now();
  const recovery = await recoveryOf(clients, watched);
  const recoveredAt = performance.now();
  const [seen, fresh] = await Promise.all([traffic.stop(), probe.stop()]);
  const state = await readShopState(shop, seen.orders);
  const span = { from, to, steps };
  return {
    done: shortened(done),
    verdicts: [
      ...auditShop(state),
      ...auditPayments(state.customers, seen.payments),
      fresh,
      nothingElse(seen, span),
      recovery,
      ...verdicts,
      ...fault.judge(seen, span),
    ],
    figures: [figuresOf(seen, probe, recoveredAt - to)],
  };
}

/** Expects that each instance is ready and accepts an order. */
async function recoveryOf(
  clients: ReadonlyMap<string, ApiClient>,
  productId: string,
): Promise<Verdict> {
  const broken: string[] = [];
  for (const [name, client] of clients) {
    await eventually(
      async () => {
        const { body } = await client.get('/readyz');
        expect(body).to.include({ status: 'ready' });
        expect((await client.post('/v1/orders', orderOf(productId, 1))).status).to.be.oneOf([
          201, 409,
        ]);
      },
      { withinMs: RECOVERY_MS },
    ).catch((error: Error) => broken.push(`${name}: ${error.message}`));
  }
  return verdictOf('all recover by themselves', clients.size, broken);
}

async function directClients(cluster: FaultCluster): Promise<Map<string, ApiClient>> {
  const clients = new Map<string, ApiClient>();
  for (const { name, url } of cluster.instances) clients.set(name, await clientOf(cluster, url));
  return clients;
}

export async function clientOf({ env }: FaultCluster, url: string): Promise<ApiClient> {
  return new ApiClient(url, await signToken(readSettings({ ...env }), 'operator', 'admin'));
}

function figuresOf(traffic: Traffic, probe: FreshnessProbe, recoveryMs: number): Table {
  const rows = [...Map.groupBy(traffic.requests, ({ kind }) => kind)].map(([kind, requests]) => {
    const answered = requests.filter((each) => !hasFailed(each));
    const times = answered.map(({ sentAt, settledAt }) => settledAt - sentAt);
    const latencies = [0.5, 0.99, 1].map((share) => figure(percentile(times, share)));
    return [kind, `${requests.length}`, `${requests.length - answered.length}`, ...latencies];
  });
  const { writes, reads } = probe;
  return {
    title: `through nginx; ${reads.length} reads of a product changed ${writes.length} times; recovered after ${figure(recoveryMs)} ms`,
    columns: ['requests', 'sent', 'failed', 'p50 ms', 'p99 ms', 'max ms'],
    rows,
  };
}

/** A long list of faults is shortened to its first and last line. */
function shortened(lines: readonly string[]): readonly string[] {
  const most = 8;
  if (lines.length <= most) return lines;
  const left = `… ${lines.length - most} more`;
  return [...lines.slice(0, most - 2), left, ...lines.slice(-2)];
}
