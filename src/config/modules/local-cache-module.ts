import { ContainerModule } from 'inversify';
import { localCache } from '../../adapters/cache/cache-levels.js';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import { CachePortAdapter } from '../../adapters/shop/cache-port-adapter.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { cacheSettingsOf } from '../settings/cache-settings-of.js';
import type { Settings } from '../settings/settings.js';

/** A cache for each process: no server needed. */
export function localCacheModule(settings: Settings, observer: CacheObserver): ContainerModule {
  // There are no other instances.
  observer.inSync(true);
  const cache = localCache(cacheSettingsOf(settings, observer), settings.CACHE_MODE);
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(new CachePortAdapter(cache));
  });
}
