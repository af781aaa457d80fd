import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { findClusterPort } from '../../../../tools/cluster/find-cluster-port.js';
import { type LocalCluster, startLocalCluster } from '../../../../tools/cluster/local-cluster.js';
import type { KafkaBrokers } from '../../../../tools/cluster/replicated/brokers.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { ApiClient } from '../../../support/api-client.js';
import { INSTANCE_PROGRAM } from '../../../support/instance-process.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import { FreshnessProbe } from '../behind-nginx/freshness.js';
import type { FaultReport } from '../support/fault-scenario.js';
import type { Fault } from './faults.js';
import { allRecover, type Episode, noOtherFailure, tableOf } from './judge-episodes.js';
import { Load } from './load.js';

/** Longer than a rebalance of the consumers. */
const SETTLEMENT_MS = 15_000;

/** Starts three instances behind two nginx, on several servers of each engine. */
export async function startReplicated(): Promise<LocalCluster> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(new TemporaryFolder('replicated'));
  const cluster = resources.use(
    await startLocalCluster({
      instances: 3,
      port: await findClusterPort(),
      dataFolder: folder.path,
      mayBeGiven: false,
      withKafka: true,
      replicated: true,
      program: INSTANCE_PROGRAM,
    }),
  );
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  return { ...cluster, close, [Symbol.asyncDispose]: close };
}

/** What was broken, and what clients and ledgers showed. */
export interface Broken extends FaultReport {
  readonly episodes: readonly Episode[];
  readonly requests: readonly RequestSeen[];
}

interface LoadPlan {
  /** Requests per second through all nginx together. */
  readonly rate: number;
  /** Time of the load before the first fault: Node and Java are slow until they have compiled what they run. */
  readonly warmUpMs: number;
  /** The longest time from a repair until everything works again. */
  readonly recoveryMs: number;
  readonly onEpisode?: (line: string) => void;
}

/**
 * Breaks a cluster under load, one fault after the other. Each begins when everything has recovered
 * from the one before. The first one without a recovery is the last one.
 *
 * @throws Error a fault could not be inflicted
 */
export async function breakUnderLoad(
  cluster: LocalCluster,
  faults: readonly Fault[],
  { rate, warmUpMs, recoveryMs, onEpisode }: LoadPlan,
): Promise<Broken> {
  using resources = new DisposableStack();
  const admin = await ApiClient.of(cluster.url, cluster.env, 'operator', 'admin');
  const watched = await addProduct(admin, { stock: 100_000 });
  const clients = new Map<string, ApiClient>();
  for (const { name, url } of cluster.instances) {
    clients.set(name, await ApiClient.of(url, cluster.env, 'operator', 'admin'));
  }
  const proxies = [cluster.proxy, ...(cluster.replicated?.otherProxies ?? [])];
  const loads = await Promise.all(
    proxies.map(async ({ url }) =>
      resources.use(await Load.start(cluster, url, rate / proxies.length)),
    ),
  );
  const probe = resources.use(new FreshnessProbe(admin, clients, `/v1/products/${watched}`));
  await sleep(warmUpMs);
  const episodes: Episode[] = [];
  for (const { inflict, ...fault } of faults) {
    const from = performance.now();
    await inflict();
    const repairedAt = performance.now();
    const recover = () => expectRecovered(cluster, watched);
    const recovery = await eventually(recover, { withinMs: recoveryMs, everyMs: 200 }).then(
      () => ({ recoveredAt: performance.now(), missing: undefined }),
      ({ message }: Error) => ({ recoveredAt: undefined, missing: message }),
    );
    episodes.push({ ...fault, from, repairedAt, ...recovery });
    const seconds = ((performance.now() - repairedAt) / 1_000).toFixed(1);
    onEpisode?.(`${fault.name}: ${recovery.missing ?? 'recovered'} after ${seconds} s`);
    if (recovery.missing !== undefined) break;
  }
  const [seen, fresh] = await Promise.all([
    Promise.all(loads.map((load) => load.stop())),
    probe.stop(),
  ]);
  const requests = seen.flatMap((each) => each.requests);
  return {
    episodes,
    requests,
    done: episodes.map(({ name }) => name),
    verdicts: [
      ...seen.flatMap(({ verdicts }) => verdicts),
      fresh,
      allRecover(episodes, recoveryMs),
      noOtherFailure(requests),
    ],
    figures: [tableOf(episodes, requests)],
  };
}

/**
 * Every instance is ready and takes an order, both nginx answer, all replicas of all engines are in sync,
 * and an order in the queue is settled.
 */
async function expectRecovered(
  { instances, env, replicated, kafka, proxy }: LocalCluster,
  productId: string,
): Promise<void> {
  // Each attempt buys as another customer: the unpaid orders of one customer have a quota.
  const customer = randomUUID();
  for (const { url } of instances) {
    const client = await ApiClient.of(url, env, customer);
    const ready = await client.get('/readyz');
    expect(ready.body, JSON.stringify(ready.body)).to.include({ status: 'ready' });
    const { status, body } = await client.post('/v1/orders', orderOf(productId));
    expect(status, JSON.stringify(body)).to.equal(201);
  }
  for (const { url } of [proxy, ...(replicated?.otherProxies ?? [])]) {
    expect((await new ApiClient(url).get(`/v1/products/${productId}`)).status).to.equal(200);
  }
  await replicated?.expectWhole();
  await (kafka as KafkaBrokers).expectWhole();
  await expectSettlement(await ApiClient.of(proxy.url, env, customer), productId);
}

/** Kafka may be whole again before the consumers have shared its partitions. */
async function expectSettlement(client: ApiClient, productId: string): Promise<void> {
  const queued = { Prefer: 'respond-async' };
  const { status, headers, body } = await client.post('/v1/orders', orderOf(productId), queued);
  expect(status, JSON.stringify(body)).to.equal(202);
  const isConfirmed = async () => {
    const { body } = await client.get(headers.get('location') ?? '');
    expect(body.status, 'the status of an order in the queue').to.equal('CONFIRMED');
  };
  await eventually(isConfirmed, { withinMs: SETTLEMENT_MS, everyMs: 200 });
}
