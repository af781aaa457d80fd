import { eventually } from '../eventually.js';
import { findFreePort } from '../free-port.js';
import type { Server } from '../server.js';
import { askRedis } from './ask-redis.js';
import { startRedis } from './start-redis.js';

const SLOTS = 16_384;
const MASTERS = 3;
const READY_PATIENCE_MS = 30_000;

/** A Redis Cluster whose servers are its masters. */
export interface RedisClusterServers extends AsyncDisposable {
  readonly masters: readonly Server[];
  close(): Promise<void>;
}

/**
 * Three masters without replicas, from `redis-server`, with a third of the slots each.
 *
 * @throws ServerUnavailableError there is no way to have one
 */
export async function startRedisCluster(): Promise<RedisClusterServers> {
  const masters = await Promise.all(Array.from({ length: MASTERS }, startMaster));
  const close = async () => {
    await Promise.all(masters.map(({ server }) => server.close()));
  };
  try {
    await join(masters);
    return { masters: masters.map(({ server }) => server), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Master {
  readonly server: Server;
  readonly busPort: number;
}

async function startMaster(): Promise<Master> {
  const busPort = await findFreePort();
  const server = await startRedis({
    ways: ['binary'],
    settings: {
      'cluster-enabled': 'yes',
      'cluster-port': String(busPort),
      'cluster-node-timeout': '2000',
    },
  });
  return { server, busPort };
}

async function join(masters: readonly Master[]): Promise<void> {
  const [first] = masters;
  for (const [i, { server, busPort }] of masters.entries()) {
    const from = Math.ceil((i * SLOTS) / masters.length);
    const to = Math.ceil(((i + 1) * SLOTS) / masters.length) - 1;
    await askRedis(server.url, ['CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)]);
    await askRedis(server.url, ['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]);
    const { port } = new URL(server.url);
    if (first && i > 0) {
      await askRedis(first.server.url, ['CLUSTER', 'MEET', '127.0.0.1', port, String(busPort)]);
    }
  }
  for (const { server } of masters) {
    await eventually(() => expectWhole(server), { withinMs: READY_PATIENCE_MS });
  }
}

async function expectWhole(server: Server): Promise<void> {
  const info = String(await askRedis(server.url, ['CLUSTER', 'INFO']));
  const facts = ['cluster_state:ok', `cluster_slots_ok:${SLOTS}`, `cluster_known_nodes:${MASTERS}`];
  for (const fact of facts) if (!info.includes(fact)) throw new Error(`not yet ${fact}`);
}
