import type { Logger } from 'pino';
import { ClusterLock } from '../adapters/lock/cluster-lock.js';
import { RedisLock } from '../adapters/lock/redis-lock.js';
import type { RedisLockSettings } from '../adapters/lock/redis-lock-settings.js';
import { connectRedisCluster } from './redis-cluster-connection.js';
import { connectRedis } from './redis-connection.js';
import { connectRedisSentinel } from './redis-sentinel-connection.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';

export function usesRedis(settings: Settings): boolean {
  return Boolean(settings.REDIS_URL ?? settings.REDIS_SENTINELS ?? settings.REDIS_CLUSTER);
}

/** Over the masters of a cluster it would not be one cache; there each process keeps its own. */
export function sharesCache(settings: Settings): boolean {
  return Boolean(settings.REDIS_URL ?? settings.REDIS_SENTINELS);
}

/** The lock on one Redis, on the master of some sentinels, or on a cluster. */
export async function redisLock(
  settings: Settings,
  chosen: Partial<RedisLockSettings>,
  resources: Resources,
  logger: Logger,
) {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_SENTINEL_MASTER, REDIS_CLUSTER } = settings;
  if (REDIS_CLUSTER) {
    const { cluster, nodes } = await connectRedisCluster(REDIS_CLUSTER, logger, resources);
    return { lock: new ClusterLock(nodes, chosen), client: { ping: () => cluster.ping() } };
  }
  if (REDIS_SENTINELS && REDIS_SENTINEL_MASTER) {
    const { sentinel, ...clients } = await connectRedisSentinel(
      REDIS_SENTINEL_MASTER,
      REDIS_SENTINELS,
      logger,
      resources,
    );
    return { lock: new RedisLock(clients, chosen), client: { ping: () => sentinel.ping() } };
  }
  if (!REDIS_URL) throw new Error('no setting names a Redis');
  const [commands, subscriber] = await Promise.all([
    connectRedis(REDIS_URL, logger, resources),
    connectRedis(REDIS_URL, logger, resources),
  ]);
  return { lock: new RedisLock({ commands, subscriber }, chosen), client: commands };
}
