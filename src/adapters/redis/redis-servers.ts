import { RedisCluster } from './connections/redis-cluster.js';
import { SentinelMaster } from './connections/sentinel-master.js';
import { UrlMaster } from './connections/url-master.js';
import type { RedisMaster, RedisOptions } from './redis-options.js';

/**
 * Chooses how to connect; nothing is connected yet.
 *
 * Connecting waits at most a second for the server, then goes on without it. A connection that is
 * lost comes back by itself; until then its commands fail at once, and none is queued.
 */
export function redisServers({ address, ...options }: RedisOptions): RedisMaster | RedisCluster {
  if ('clusterNodes' in address) return new RedisCluster(address.clusterNodes, options);
  if ('sentinels' in address) return new SentinelMaster(address, options);
  return new UrlMaster(address.url, options);
}
