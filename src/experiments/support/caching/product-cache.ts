import { setTimeout as pause } from 'node:timers/promises';
import { CacheObserver } from '../../../adapters/cache/cache-observer.js';
import type { CacheSettings } from '../../../adapters/cache/cache-settings.js';
import { InProcessCache } from '../../../adapters/cache/in-process-cache.js';
import { TwoLevelCache } from '../../../adapters/cache/layers/2-two-level-cache.js';
import { RedisCache } from '../../../adapters/cache/layers/3-redis-cache.js';
import type { RedisCacheSettings } from '../../../adapters/cache/redis-cache-settings.js';
import { CachePortAdapter } from '../../../adapters/lock-and-cache-adapters/cache-port-adapter.js';
import type { Note } from '../timeline.js';
import { connect } from './connect.js';
import { busName, type MakeCache, redisUrlOf } from './make-cache.js';

/** The staleness bound of every run; shorter than the service's, so that runs are short. */
export const BOUND_MS = 300;

const SETTINGS: Partial<RedisCacheSettings> = {
  maxStalenessMs: BOUND_MS,
  writeIntentMs: 800,
  commitMs: 200,
  // Long, so that a busy machine does not look like a Redis that is down.
  commandTimeoutMs: 2_000,
};

/** The product's own cache: L1 in the process, L2 in Redis. */
export function productCache(settings: Partial<RedisCacheSettings> = {}): MakeCache {
  return async (backend) => {
    const { prefix, name, note, resources } = backend;
    const redisUrl = redisUrlOf(backend);
    const clients = {
      commands: await connect(redisUrl, `${prefix}commands:${name}`, resources),
      subscriber: await connect(redisUrl, busName(backend), resources),
    };
    const chosen = { ...SETTINGS, base: `${prefix}cache`, ...settings };
    const shared = new RedisCache(clients, { ...chosen, observer: new NotingObserver(note) });
    resources.defer(async () => shared.close());
    const cache = new TwoLevelCache(shared, chosen);
    await shared.start();
    await storesEntries(shared);
    return new CachePortAdapter(cache);
  };
}

/** The product's own cache of one process, which all its requests share. */
export function productCacheOfOneProcess(settings: Partial<CacheSettings> = {}): MakeCache {
  const cache = new InProcessCache({ maxStalenessMs: BOUND_MS, ...settings });
  return async () => new CachePortAdapter(cache);
}

/** In a new Redis the cache stores nothing until every earlier write intent has expired. */
async function storesEntries(cache: RedisCache): Promise<void> {
  const load = async () => ({ text: '' });
  while ((await cache.read({ key: 'warm' }, load)).source === 'bypass') await pause(20);
}

class NotingObserver extends CacheObserver {
  constructor(private readonly note: Note) {
    super();
  }

  override invalidated(by: 'message' | 'replay' | 'drop'): void {
    // The first comparison of an instance always drops its empty L1.
    if (by !== 'drop') this.note('invalidated', by);
  }
}
