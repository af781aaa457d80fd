import type { Logger } from 'pino';
import type { RedisClusterType } from 'redis';
import { keySlot } from '../../adapters/lock/protocol/key-slot.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import { redisTls } from '../settings/tls/redis-tls.js';
import { connectRedisCluster } from './redis-cluster-connection.js';
import { connectRedis } from './redis-connection.js';
import { connectRedisSentinel } from './redis-sentinel-connection.js';

export function usesRedis(settings: Settings): boolean {
  return Boolean(settings.REDIS_URL ?? settings.REDIS_SENTINELS ?? settings.REDIS_CLUSTER);
}

/** Over the masters of a cluster it would not be one cache; there each process keeps its own. */
export function sharesCache(settings: Settings): boolean {
  return Boolean(settings.REDIS_URL ?? settings.REDIS_SENTINELS);
}

/**
 * Where the locks are: one Redis, the master that the sentinels name, or the servers of a cluster.
 * `readyKeys` are the keys that the health check of this instance locks.
 */
export async function lockServers(settings: Settings, resources: Resources, logger: Logger) {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_SENTINEL_MASTER, REDIS_CLUSTER } = settings;
  const readyKeys = () => [`readyz:${settings.INSTANCE_ID}`];
  const tls = redisTls(settings);
  if (REDIS_CLUSTER) {
    const { cluster, nodes } = await connectRedisCluster(REDIS_CLUSTER, logger, resources, tls);
    const keys = () => keyOfEachMaster(cluster, `readyz:${settings.INSTANCE_ID}`);
    return { servers: nodes, readyKeys: keys };
  }
  if (REDIS_SENTINELS && REDIS_SENTINEL_MASTER) {
    const { commands, subscriber } = await connectRedisSentinel(
      REDIS_SENTINEL_MASTER,
      REDIS_SENTINELS,
      logger,
      resources,
      tls,
    );
    return { servers: { commands, subscriber }, readyKeys };
  }
  if (!REDIS_URL) throw new Error('no setting names a Redis');
  const [commands, subscriber] = await Promise.all([
    connectRedis(REDIS_URL, logger, resources, tls),
    connectRedis(REDIS_URL, logger, resources, tls),
  ]);
  return { servers: { commands, subscriber }, readyKeys };
}

/** More than enough names for any cluster to find one in each master's slots. */
const MOST_NAMES = 1_000;

/** Names that lie with each master; one in any case, so that a cluster nobody knows is asked too. */
function keyOfEachMaster(
  { masters, slots }: Pick<RedisClusterType, 'masters' | 'slots'>,
  name: string,
): string[] {
  const left = new Set<unknown>(masters);
  const keys: string[] = [];
  for (let i = 0; i < MOST_NAMES && left.size > 0; i += 1) {
    const key = `${name}:${i}`;
    if (left.delete(slots[keySlot(key)]?.master)) keys.push(key);
  }
  return keys.length > 0 ? keys : [name];
}
