import KeyvRedis from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { Cacheable, createKeyv } from 'cacheable';
import type { Contestant, Place, Session } from '../contestant.js';
import { L1_ENTRIES, TTL_MS } from '../contestant.js';

const shared = { kind: 'peer', packageName: 'cacheable', hasL1: true, hasL2: true } as const;

export const cacheable: Contestant = {
  ...shared,
  id: 'cacheable',
  settings:
    'CacheableMemory, @keyv/redis, CacheableSync on @qified/redis; getOrSet, delete. When its bus is cut, it emits an `error` event, which would end the process; the benchmark catches it',
  bus: 'own',
  open: (place) => openCacheable(place, {}),
};

export const cacheableTuned: Contestant = {
  ...shared,
  id: 'cacheable tuned',
  settings: 'the same, `nonBlocking`, and the L1 without clones (`useClone: false`)',
  bus: 'own',
  open: (place) => openCacheable(place, { nonBlocking: true, useClone: false }),
};

interface Tuning {
  readonly nonBlocking?: boolean;
  readonly useClone?: boolean;
}

async function openCacheable(place: Place, { nonBlocking, ...l1 }: Tuning): Promise<Session> {
  const { load } = place;
  // Cacheable needs an L1. When L1 is to be off, it gets one entry.
  const lruSize = place.l1 === 'on' ? L1_ENTRIES : 1;
  const cache = new Cacheable({
    primary: createKeyv({ ttl: TTL_MS, lruSize, ...l1 }),
    secondary: new KeyvRedis(place.url),
    ttl: TTL_MS,
    ...(nonBlocking === undefined ? {} : { nonBlocking }),
    ...(place.l1 === 'on'
      ? { sync: { qified: new RedisMessageProvider({ uri: place.busUrl }) } }
      : {}),
  });
  cache.on('error', () => undefined);
  return {
    read: (key) => cache.getOrSet(key, () => load(key)),
    write: async (key, change) => {
      await change();
      await cache.delete(key);
    },
    close: () => cache.disconnect(),
  };
}
