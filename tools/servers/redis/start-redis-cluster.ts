import { eventually } from '../eventually.js';
import { findFreePort } from '../free-port.js';
import type { Server, ServerOptions } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { startTogether } from '../start-together.js';
import { askRedis } from './ask-redis.js';
import { redisKind } from './redis-kind.js';

const SLOTS = 16_384;
const MASTERS = 3;
const READY_TIMEOUT_MS = 30_000;

/** A Redis Cluster; failovers may have changed who is a master since it started. */
export interface RedisClusterServers extends AsyncDisposable {
  readonly masters: readonly Server[];
  /** One replica of each master, in the order of the masters; empty by default. */
  readonly replicas: readonly Server[];
  /** @throws Error a node does not know all others, or slots are not served */
  expectWhole(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Three masters from `redis-server` with a third of the slots each, and a replica of each if
 * `withReplicas`. A master that is down for two seconds is replaced by its replica.
 *
 * @throws ServerUnavailableError none can be started
 */
export async function startRedisCluster({
  withReplicas = false,
  ...place
}: { readonly withReplicas?: boolean } & Pick<
  ServerOptions,
  'logFolder'
> = {}): Promise<RedisClusterServers> {
  const size = withReplicas ? 2 * MASTERS : MASTERS;
  await using opened = new AsyncDisposableStack();
  const starts = Array.from({ length: size }, (_, i) => startNode(i + 1, place));
  const nodes = await startTogether(starts, opened);
  const servers = nodes.map(({ server }) => server);
  const [masters, replicas] = [servers.slice(0, MASTERS), servers.slice(MASTERS)];
  await join(nodes);
  await Promise.all(replicas.map((replica, i) => follow(replica, masters[i])));
  const expectWhole = () => expectKnown(nodes);
  const owned = opened.move();
  const close = () => owned.disposeAsync();
  return { masters, replicas, expectWhole, close, [Symbol.asyncDispose]: close };
}

interface Node extends AsyncDisposable {
  readonly server: Server;
  readonly busPort: number;
}

async function startNode(number: number, place: Pick<ServerOptions, 'logFolder'>): Promise<Node> {
  const busPort = await findFreePort();
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-port': String(busPort),
    'cluster-node-timeout': '2000',
    // Without this a master waits for more replicas before it sends its data to the first.
    'repl-diskless-sync-delay': '0',
  };
  const kind = { ...redisKind({ settings }), slug: `redis-${number}` };
  const server = await bringUp(kind, { sources: ['binary'], ...place });
  return { server, busPort, [Symbol.asyncDispose]: () => server.close() };
}

async function join(nodes: readonly Node[]): Promise<void> {
  const [first] = nodes;
  for (const [i, { server, busPort }] of nodes.entries()) {
    await askRedis(server.url, ['CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)]);
    if (i < MASTERS) await addSlots(server, i);
    const { port } = new URL(server.url);
    if (first && i > 0) {
      await askRedis(first.server.url, ['CLUSTER', 'MEET', '127.0.0.1', port, String(busPort)]);
    }
  }
  await eventually(() => expectKnown(nodes), { withinMs: READY_TIMEOUT_MS });
}

async function addSlots(server: Server, third: number): Promise<void> {
  const from = Math.ceil((third * SLOTS) / MASTERS);
  const to = Math.ceil(((third + 1) * SLOTS) / MASTERS) - 1;
  await askRedis(server.url, ['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]);
}

/** Resolves once the replica is in sync. */
async function follow(replica: Server, master: Server | undefined): Promise<void> {
  const id = String(await askRedis(master?.url ?? '', ['CLUSTER', 'MYID']));
  await askRedis(replica.url, ['CLUSTER', 'REPLICATE', id]);
  const inStep = async () => {
    const info = String(await askRedis(replica.url, ['INFO', 'replication']));
    if (!info.includes('master_link_status:up')) throw new Error('the replica is not in sync yet');
  };
  await eventually(inStep, { withinMs: READY_TIMEOUT_MS });
}

async function expectKnown(nodes: readonly Node[]): Promise<void> {
  const facts = [
    'cluster_state:ok',
    `cluster_slots_ok:${SLOTS}`,
    `cluster_known_nodes:${nodes.length}`,
  ];
  for (const { server } of nodes) {
    const info = String(await askRedis(server.url, ['CLUSTER', 'INFO']));
    for (const fact of facts) if (!info.includes(fact)) throw new Error(`not yet ${fact}`);
  }
}
