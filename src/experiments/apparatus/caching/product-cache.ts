import { setTimeout as pause } from 'node:timers/promises';
import { CacheObserver } from '../../../adapters/cache/cache-observer.js';
import { RedisCache } from '../../../adapters/cache/redis-cache.js';
import type { RedisCacheSettings } from '../../../adapters/cache/redis-cache-settings.js';
import { TwoLevelCache } from '../../../adapters/cache/two-level-cache.js';
import { CachePortAdapter } from '../../../adapters/shop/cache-port-adapter.js';
import type { Note } from '../timeline.js';
import { connect } from './connect.js';
import { busName, type MakeCache } from './make-cache.js';

/** The staleness bound of every trial; shorter than the service's, so that trials are short. */
export const BOUND_MS = 300;

const SETTINGS: Partial<RedisCacheSettings> = {
  maxStalenessMs: BOUND_MS,
  writeIntentMs: 800,
  commitMs: 200,
  // A machine that is busy must not look like a Redis that is down.
  commandTimeoutMs: 2_000,
};

/** The product's own cache: L1 in the process, L2 in Redis. */
export function productCache(settings: Partial<RedisCacheSettings> = {}): MakeCache {
  return async (place) => {
    const { redisUrl, prefix, name, note, resources } = place;
    const clients = {
      commands: await connect(redisUrl, `${prefix}commands:${name}`, resources),
      subscriber: await connect(redisUrl, busName(place), resources),
    };
    const chosen = { ...SETTINGS, base: `${prefix}cache`, ...settings };
    const shared = new RedisCache(clients, { ...chosen, observer: new Noting(note) });
    resources.defer(async () => shared.close());
    const cache = new TwoLevelCache(shared, chosen);
    await shared.start();
    await keepsAnswers(shared);
    return new CachePortAdapter(cache);
  };
}

/** In a Redis that is new to it the cache keeps nothing until every earlier writer must be gone. */
async function keepsAnswers(cache: RedisCache): Promise<void> {
  const load = async () => ({ text: '' });
  while ((await cache.read({ key: 'warm' }, load)).source === 'bypass') await pause(20);
}

class Noting extends CacheObserver {
  constructor(private readonly note: Note) {
    super();
  }

  override invalidated(by: 'message' | 'replay' | 'drop'): void {
    // Its own write tells itself as well, and the first comparison of all finds nothing to keep.
    if (by !== 'drop') this.note('invalidated', by);
  }
}
