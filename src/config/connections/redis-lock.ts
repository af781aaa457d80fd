import type { Logger } from 'pino';
import type { RedisClusterType } from 'redis';
import { ClusterLock } from '../../adapters/lock/cluster-lock.js';
import { keySlot } from '../../adapters/lock/protocol/key-slot.js';
import { RedisLock } from '../../adapters/lock/redis-lock.js';
import type { RedisLockSettings } from '../../adapters/lock/redis-lock-settings.js';
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
 * The lock on one Redis, on the master of some sentinels, or on a cluster; and the keys this
 * instance takes to see whether it works.
 */
export async function redisLock(
  settings: Settings,
  chosen: Partial<RedisLockSettings>,
  resources: Resources,
  logger: Logger,
) {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_SENTINEL_MASTER, REDIS_CLUSTER } = settings;
  const readyKeys = () => [`readyz:${settings.INSTANCE_ID}`];
  const tls = redisTls(settings);
  if (REDIS_CLUSTER) {
    const { cluster, nodes } = await connectRedisCluster(REDIS_CLUSTER, logger, resources, tls);
    const keys = () => keyOfEachMaster(cluster, `readyz:${settings.INSTANCE_ID}`);
    return { lock: new ClusterLock(nodes, chosen), readyKeys: keys };
  }
  if (REDIS_SENTINELS && REDIS_SENTINEL_MASTER) {
    const { commands, subscriber } = await connectRedisSentinel(
      REDIS_SENTINEL_MASTER,
      REDIS_SENTINELS,
      logger,
      resources,
      tls,
    );
    return { lock: new RedisLock({ commands, subscriber }, chosen), readyKeys };
  }
  if (!REDIS_URL) throw new Error('no setting names a Redis');
  const [commands, subscriber] = await Promise.all([
    connectRedis(REDIS_URL, logger, resources, tls),
    connectRedis(REDIS_URL, logger, resources, tls),
  ]);
  return { lock: new RedisLock({ commands, subscriber }, chosen), readyKeys };
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
