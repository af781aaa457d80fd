import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { figure, type Table } from '../../../../bench/table.js';
import { findClusterPort } from '../../../../tools/cluster/find-cluster-port.js';
import { type LocalCluster, startLocalCluster } from '../../../../tools/cluster/local-cluster.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { ApiClient } from '../../../support/api-client.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { FreshnessProbe } from '../behind-nginx/freshness.js';
import { hasFailed } from '../behind-nginx/judge-traffic.js';
import type { RequestSeen } from '../behind-nginx/request-log.js';
import type { FaultReport } from '../support/fault-scenario.js';
import { Random } from '../support/random.js';
import { Load } from './load.js';
import { type Victims, victimsOf } from './victims.js';

const RECOVERY_MS = 180_000;
const PAIRS = 3;

interface ReplicatedOptions {
  /** How long a process is paused or cut off, in seconds; a killed one is restarted after half of it. */
  readonly seconds: number;
  readonly seed: number;
  /** Requests per second through both nginx. */
  readonly rate: number;
}

/** One fault, when it began, and when everything worked again. */
interface Episode {
  readonly name: string;
  readonly from: number;
  readonly repairedAt: number;
  /** Undefined when it did not recover in time. */
  readonly recoveredAt: number | undefined;
}

/** Breaks each kind of process of a replicated cluster in turn, under load. */
export async function runReplicated(options: ReplicatedOptions): Promise<FaultReport> {
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
    }),
  );
  const admin = await ApiClient.of(cluster.url, cluster.env, 'operator', 'admin');
  const watched = await addProduct(admin, { stock: 100_000 });
  const clients = new Map<string, ApiClient>();
  for (const { name, url } of cluster.instances) {
    clients.set(name, await ApiClient.of(url, cluster.env, 'operator', 'admin'));
  }
  const recover = () => expectRecovered(cluster, clients, watched);
  const urls = [cluster.proxy, ...(cluster.replicated?.otherProxies ?? [])].map(({ url }) => url);
  const loads = await Promise.all(
    urls.map((url) => Load.start(cluster, url, options.rate / urls.length)),
  );
  const probe = new FreshnessProbe(admin, clients, `/v1/products/${watched}`);
  await sleep(2_000);
  const episodes: Episode[] = [];
  for (const { name, inflict } of faultsOf(victimsOf(cluster), options)) {
    const from = performance.now();
    await inflict();
    const repairedAt = performance.now();
    const recoveredAt = await eventually(recover, { withinMs: RECOVERY_MS, everyMs: 200 }).then(
      () => performance.now(),
      () => undefined,
    );
    episodes.push({ name, from, repairedAt, recoveredAt });
    console.error(`  ${name}: recovered ${recoveredAt !== undefined}`);
  }
  const [seen, fresh] = await Promise.all([
    Promise.all(loads.map((load) => load.stop())),
    probe.stop(),
  ]);
  const requests = seen.flatMap((each) => each.requests);
  return {
    done: episodes.map(({ name }) => name),
    verdicts: [
      ...seen.flatMap(({ verdicts }) => verdicts),
      fresh,
      recoveries(episodes),
      noInternalError(requests),
    ],
    figures: [tableOf(episodes, requests)],
  };
}

interface Fault {
  readonly name: string;
  /** Resolves when what was broken is started or resumed again. */
  inflict(): Promise<void>;
}

function faultsOf(victims: Victims, { seconds, seed }: ReplicatedOptions): Fault[] {
  const names = Object.keys(victims.kinds);
  const kill = async (...kinds: string[]) => {
    const found = await Promise.all(kinds.map((kind) => victims.kinds[kind]?.()));
    await Promise.all(found.map((victim) => victim?.stop('abruptly')));
    await sleep(seconds * 500);
    await Promise.all(found.map((victim) => victim?.start()));
  };
  const pause = async (kind: string) => {
    const victim = await victims.kinds[kind]?.();
    await victim?.pause();
    await sleep(seconds * 1_000);
    await victim?.resume();
  };
  const kills = names.map((name) => ({ name: `${name} killed`, inflict: () => kill(name) }));
  const random = new Random(seed);
  const pairs = Array.from({ length: PAIRS }, () => {
    const [one = '', other = ''] = pairOf(random.shuffled(names));
    return { name: `${one} and ${other} killed`, inflict: () => kill(one, other) };
  });
  const partition = async () => {
    const { mend } = await victims.partition();
    await sleep(seconds * 1_000);
    await mend();
  };
  return [
    ...kills,
    ...names.map((name) => ({
      name: `${name} stopped for ${seconds} s`,
      inflict: () => pause(name),
    })),
    ...pairs,
    { name: `Galera writer cut off for ${seconds} s`, inflict: partition },
  ];
}

/** Two kinds; the cluster of the database needs two of its three members. */
function pairOf(shuffled: readonly string[]): string[] {
  const [one = '', ...others] = shuffled;
  const isGalera = (name: string) => name.startsWith('Galera');
  return [one, others.find((other) => !isGalera(one) || !isGalera(other)) ?? ''];
}

/** Every instance is ready and takes an order, and the database has all its members. */
async function expectRecovered(
  { replicated, url, env }: LocalCluster,
  clients: ReadonlyMap<string, ApiClient>,
  productId: string,
): Promise<void> {
  for (const client of clients.values()) {
    expect((await client.get('/readyz')).body).to.include({ status: 'ready' });
    const { status } = await client.post('/v1/orders', orderOf(productId));
    expect(status).to.equal(201);
  }
  const throughNginx = await ApiClient.of(url, env, 'operator', 'admin');
  expect((await throughNginx.get(`/v1/products/${productId}`)).status).to.equal(200);
  await replicated?.galera.expectWhole();
}

function recoveries(episodes: readonly Episode[]): Verdict {
  const late = episodes.filter(({ recoveredAt }) => recoveredAt === undefined);
  const claim = `everything works again within ${RECOVERY_MS / 1_000} s of each repair`;
  return verdictOf(
    claim,
    episodes.length,
    late.map(({ name }) => name),
  );
}

function noInternalError(requests: readonly RequestSeen[]): Verdict {
  const found = requests.filter(({ status }) => status === 500);
  return verdictOf(
    'no answer is 500',
    requests.length,
    found.map(({ kind, code }) => `${kind} ${code}`),
  );
}

function tableOf(episodes: readonly Episode[], requests: readonly RequestSeen[]): Table {
  const rows = episodes.map(({ name, from, repairedAt, recoveredAt }) => {
    const to = recoveredAt ?? repairedAt + RECOVERY_MS;
    const during = requests.filter(({ sentAt }) => sentAt >= from && sentAt <= to);
    const failed = during.filter(hasFailed);
    const byCode = [...Map.groupBy(failed, ({ status, code }) => code ?? `${status || 'none'}`)];
    const share = (count: number) => `${((100 * count) / Math.max(1, during.length)).toFixed(1)} %`;
    const isOrder = ({ kind }: RequestSeen) => kind !== 'read' && kind !== 'settlement';
    return [
      name,
      figure(longestGap(requests, from, to)),
      figure(longestGap(requests.filter(isOrder), from, to)),
      byCode.map(([code, some]) => `${share(some.length)} ${code}`).join(', ') || 'none',
      recoveredAt === undefined ? 'never' : figure((recoveredAt - repairedAt) / 1_000),
    ];
  });
  return {
    title: `${requests.length} requests`,
    columns: [
      'fault',
      's without an answer',
      's without a write',
      'failed answers',
      's from repair to recovery',
    ],
    rows,
  };
}

/** The longest time without a successful answer, in seconds. */
function longestGap(requests: readonly RequestSeen[], from: number, to: number): number {
  const successes = requests
    .filter((each) => !hasFailed(each) && each.settledAt >= from && each.settledAt <= to)
    .map(({ settledAt }) => settledAt);
  const moments = [from, ...successes.sort((a, b) => a - b), to];
  const gaps = moments.slice(1).map((moment, i) => moment - (moments[i] ?? moment));
  return Math.max(...gaps) / 1_000;
}
