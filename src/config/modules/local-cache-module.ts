import { ContainerModule } from 'inversify';
import type { CacheObserver } from '../../adapters/cache/cache-observer.js';
import { InProcessCache } from '../../adapters/cache/local/in-process-cache.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { cacheSettingsOf } from '../settings/cache-settings-of.js';
import type { Settings } from '../settings/settings.js';
import { cacheForMode } from './cache-for-mode.js';

/** A cache for each process: no server needed. */
export function localCacheModule(settings: Settings, observer: CacheObserver): ContainerModule {
  // There are no others to fall behind.
  observer.inStep(true);
  const cache = new InProcessCache(cacheSettingsOf(settings, observer));
  return new ContainerModule(({ bind }) => {
    bind(CachePort).toConstantValue(cacheForMode(settings, cache, observer));
  });
}
