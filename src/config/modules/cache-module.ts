import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { BypassCache } from '../../adapters/cache/bypass-cache.js';
import { CacheHealthCheck } from '../../adapters/cache/cache-health-check.js';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import { InProcessCache } from '../../adapters/cache/local/in-process-cache.js';
import { RedisCache, type RedisCacheClients } from '../../adapters/cache/redis-cache.js';
import { TwoLevelCache } from '../../adapters/cache/two-level-cache.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { connectRedis } from '../connections/redis-connection.js';
import { connectRedisSentinel } from '../connections/redis-sentinel-connection.js';
import type { Resources } from '../resources.js';
import { cacheSettingsOf } from '../settings/cache-settings.js';
import type { Settings } from '../settings/settings.js';
import { redisTls } from '../settings/tls/redis-tls.js';
import type { Installation } from './sql-bindings.js';

/** A cache in the memory of each process: no server is needed. */
export function localCacheModule(settings: Settings, observer: CacheObserver): ContainerModule {
  // There is no other instance whose invalidations it could miss.
  observer.inStep(true);
  const cache = new InProcessCache(cacheSettingsOf(settings, observer));
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(cacheForMode(settings, cache, observer));
  });
}

/** Two levels: a cache in the process, and a cache in Redis that all instances share. */
export async function redisCacheModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
  observer: CacheObserver,
): Promise<ContainerModule> {
  const clients = await cacheClients(settings, resources, logger);
  const chosen = {
    ...cacheSettingsOf(settings, observer),
    // The braces keep all keys in one slot of a Redis Cluster.
    base: `{lockstep:cache:${installation.id}}`,
  };
  const shared = new RedisCache(clients, chosen);
  const cache = new TwoLevelCache(shared, chosen);
  resources.defer(async () => shared.close());
  await shared.start();
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(cacheForMode(settings, cache, observer));
    bind(HealthCheck).toConstantValue(new CacheHealthCheck(shared));
  });
}

/** `CACHE_MODE=off`: nothing is kept, but writes still invalidate the caches of other instances. */
function cacheForMode(
  { CACHE_MODE }: Settings,
  cache: CachePort,
  observer: CacheObserver,
): CachePort {
  return CACHE_MODE === 'off' ? new BypassCache(cache, observer) : cache;
}

/** The cache has its own connections, so that a large answer does not delay a lock. */
async function cacheClients(
  settings: Settings,
  resources: Resources,
  logger: Logger,
): Promise<RedisCacheClients> {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_SENTINEL_MASTER } = settings;
  const tls = redisTls(settings);
  if (REDIS_SENTINELS && REDIS_SENTINEL_MASTER) {
    return connectRedisSentinel(REDIS_SENTINEL_MASTER, REDIS_SENTINELS, logger, resources, tls);
  }
  if (!REDIS_URL) throw new Error('no setting names a Redis');
  const [commands, subscriber] = await Promise.all([
    connectRedis(REDIS_URL, logger, resources, tls),
    connectRedis(REDIS_URL, logger, resources, tls),
  ]);
  return { commands, subscriber };
}
