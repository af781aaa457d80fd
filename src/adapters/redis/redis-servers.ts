import { RedisCluster } from './connections/redis-cluster.js';
import { SentinelMaster } from './connections/sentinel-master.js';
import { UrlMaster } from './connections/url-master.js';
import type { RedisMaster, RedisOptions } from './redis-options.js';

/**
 * Chooses how to connect; it connects nothing yet.
 *
 * A connect waits at most a second for the server, and then continues without it. A lost connection
 * is restored by itself. Until then its commands fail at once, and none is queued.
 */
export function redisServers({ address, ...options }: RedisOptions): RedisMaster | RedisCluster {
  if ('clusterNodes' in address) return new RedisCluster(address.clusterNodes, options);
  if ('sentinels' in address) return new SentinelMaster(address, options);
  return new UrlMaster(address.url, options);
}
