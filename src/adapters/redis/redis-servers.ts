import type { RedisCluster } from './connections/redis-cluster.js';
import type { RedisMaster, RedisOptions } from './redis-options.js';

/**
 * Chooses how to connect; it connects nothing yet. The client is only loaded here, because an instance without
 * Redis starts sooner without it.
 *
 * A connect waits at most a second for the server, and then continues without it. A lost connection
 * is restored by itself. Until then its commands fail at once, and none is queued.
 */
export async function redisServers({
  address,
  ...options
}: RedisOptions): Promise<RedisMaster | RedisCluster> {
  if ('clusterNodes' in address) {
    const { RedisCluster } = await import('./connections/redis-cluster.js');
    return new RedisCluster(address.clusterNodes, options);
  }
  if ('sentinels' in address) {
    const { SentinelMaster } = await import('./connections/sentinel-master.js');
    return new SentinelMaster(address, options);
  }
  const { UrlMaster } = await import('./connections/url-master.js');
  return new UrlMaster(address.url, options);
}
