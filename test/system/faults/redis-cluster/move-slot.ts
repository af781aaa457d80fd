import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import { type ClusterNode, clusterNodes, ownerOf } from './cluster-node.js';

const KEYS_AT_ONCE = '100';
const MIGRATE_TIMEOUT_MS = '2000';

export interface SlotMove {
  readonly slot: number;
  /** Chooses the new master among the others; the first one unless this is set. */
  readonly choose?: (others: readonly ClusterNode[]) => ClusterNode | undefined;
  /** Awaited while the slot is being moved, before and after the move of its keys. */
  readonly between?: () => Promise<void>;
}

/**
 * Moves a slot with all its keys to another master, in the steps of `redis-cli --cluster reshard`.
 */
export async function moveSlot(servers: readonly Server[], move: SlotMove): Promise<void> {
  const { slot, choose = ([first]) => first, between = async () => {} } = move;
  const from = await ownerOf(slot, servers);
  const masters = (await clusterNodes(servers)).filter(({ isMaster }) => isMaster);
  const to = choose(masters.filter(({ id }) => id !== from.id));
  if (!to) throw new Error('there is no other master');
  const setSlot = (server: Server, ...state: string[]) =>
    askRedis(server.url, ['CLUSTER', 'SETSLOT', String(slot), ...state]);
  await setSlot(to.server, 'IMPORTING', from.id);
  await setSlot(from.server, 'MIGRATING', to.id);
  await between();
  await moveKeys(slot, from.server, to.server);
  await between();
  // The new owner first: in the other sequence no server would own the slot for a moment.
  for (const { server } of [to, from, ...masters]) await setSlot(server, 'NODE', to.id);
}

async function moveKeys(slot: number, from: Server, to: Server): Promise<void> {
  const { hostname, port } = new URL(to.url);
  for (;;) {
    const ask = ['CLUSTER', 'GETKEYSINSLOT', String(slot), KEYS_AT_ONCE];
    const keys = (await askRedis(from.url, ask)) as string[];
    if (keys.length === 0) return;
    const target = [hostname, port, '', '0', MIGRATE_TIMEOUT_MS];
    await askRedis(from.url, ['MIGRATE', ...target, 'REPLACE', 'KEYS', ...keys]);
  }
}
