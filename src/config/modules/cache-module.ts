import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import { localCache, sharedCache } from '../../adapters/cache/cache-stack.js';
import { CacheHealthCheck } from '../../adapters/lock-and-cache-adapters/cache-health-check.js';
import { CachePortAdapter } from '../../adapters/lock-and-cache-adapters/cache-port-adapter.js';
import { InterruptibleSubscriber } from '../../adapters/redis/interruptible-subscriber.js';
import { redisServers } from '../../adapters/redis/redis-servers.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import type { Resources } from '../resources.js';
import { cacheSettingsOf } from '../settings/cache-settings.js';
import { redisOptionsOf } from '../settings/redis-options-of.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './sql-bindings.js';

/** A cache in the memory of each process, without one shared Redis (none, or a Redis Cluster). */
export function localCacheModule(settings: Settings, observer: CacheObserver): ContainerModule {
  // It gets no invalidations of others. Its entries live no longer than the staleness bound.
  observer.inSync(true);
  const cache = localCache(cacheSettingsOf(settings, observer), settings.CACHE_MODE);
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(new CachePortAdapter(cache));
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
  const options = redisOptionsOf(settings, logger);
  const servers = options && (await redisServers(options));
  if (!servers || servers.isCluster) throw new Error('no setting names a single Redis');
  resources.defer(() => servers.close());
  // Connections of its own, so that large values do not delay the locks.
  const { commands, subscriber } = await servers.connect();
  // The lab may cut the bus of a running instance.
  const bus = settings.LAB ? new InterruptibleSubscriber(subscriber) : undefined;
  const chosen = {
    ...cacheSettingsOf(settings, observer),
    // The braces keep all keys in one slot. The number is the version of the stored format.
    base: `{lockstep:cache:2:${installation.id}}`,
  };
  const shared = { commands, subscriber: bus ?? subscriber };
  const { cache, redis } = await sharedCache(shared, chosen, settings.CACHE_MODE);
  resources.defer(async () => redis.close());
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(new CachePortAdapter(cache));
    bind(HealthCheck).toConstantValue(new CacheHealthCheck(redis));
    if (bus) bind(InterruptibleSubscriber).toConstantValue(bus);
  });
}
