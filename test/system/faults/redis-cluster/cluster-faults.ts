import { setTimeout as sleep } from 'node:timers/promises';
import { keySlot } from '../../../../src/adapters/lock/protocol/key-slot.js';
import { lockName } from '../../../../src/adapters/lock/protocol/redis-grant.js';
import { redisLockSettings } from '../../../../src/adapters/lock/redis-lock-settings.js';
import { walletKey } from '../../../../src/domain/resource-keys.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import type { Fault } from '../fuzz/fuzz.js';
import type { Random } from '../support/random.js';
import { type ClusterNode, clusterNodes } from './cluster-node.js';
import { moveSlot } from './move-slot.js';

/** The other masters vote two seconds after a master stops to answer. */
const PROMOTION_TIMEOUT_MS = 20_000;

/**
 * Faults of a Redis Cluster of masters with a replica each. Replication is asynchronous, so a
 * promoted replica may not know the latest leases. But a master that does not answer is replaced
 * only after every lease that it granted is over, and a master that steps down waits for its
 * replica. So there is no excuse for two holders at once.
 */
export function clusterFaults(servers: readonly Server[], users: readonly string[]): Fault[] {
  return [
    {
      name: 'slot moved to another master',
      async inflict({ random }) {
        const name = lockName(redisLockSettings({}).prefix, walletKey(random.pick(users)));
        await moveSlot(servers, {
          slot: keySlot(name),
          choose: (others) => random.pick(others),
          between: () => sleep(random.between(0, 300)),
        });
        await lockIsUsedAgain(random);
      },
    },
    {
      name: 'master asked to step down',
      async inflict({ random }) {
        const { server } = await replicaOf(await anyMaster(servers, random), servers);
        await askRedis(server.url, ['CLUSTER', 'FAILOVER']);
        await expectPromoted(server, servers);
        await lockIsUsedAgain(random);
      },
    },
    {
      name: 'master killed, its replica promoted',
      async inflict({ random }) {
        const master = await anyMaster(servers, random);
        const { server: successor } = await replicaOf(master, servers);
        await master.server.stop('abruptly');
        await expectPromoted(successor, servers);
        await lockIsUsedAgain(random);
        await master.server.start();
        await expectInStep(master.server);
      },
    },
  ];
}

async function anyMaster(servers: readonly Server[], random: Random): Promise<ClusterNode> {
  const nodes = await clusterNodes(servers);
  return random.pick(nodes.filter(({ isMaster, slots }) => isMaster && slots.length > 0));
}

async function replicaOf({ id }: ClusterNode, servers: readonly Server[]): Promise<ClusterNode> {
  const find = async () => {
    const replica = (await clusterNodes(servers)).find(({ follows }) => follows === id);
    if (!replica) throw new Error('a master has no replica');
    return replica;
  };
  return eventually(find, { withinMs: PROMOTION_TIMEOUT_MS });
}

/** The server itself says that it is the master. Other servers may learn it later. */
function expectPromoted(server: Server, servers: readonly Server[]): Promise<void> {
  const promoted = async () => {
    const others = servers.filter((other) => other !== server);
    const nodes = await clusterNodes([server, ...others]);
    const own = nodes.find((node) => node.server === server);
    if (!own?.isMaster || own.slots.length === 0) throw new Error('nobody took over');
  };
  return eventually(promoted, { withinMs: PROMOTION_TIMEOUT_MS });
}

function expectInStep(server: Server): Promise<void> {
  const inStep = async () => {
    const info = String(await askRedis(server.url, ['INFO', 'replication']));
    if (!info.includes('master_link_status:up')) throw new Error('it is not in sync yet');
  };
  return eventually(inStep, { withinMs: PROMOTION_TIMEOUT_MS });
}

/** A client that found its server down does not try it again for a second. */
function lockIsUsedAgain(random: Random): Promise<void> {
  return sleep(random.between(1_000, 2_500));
}
