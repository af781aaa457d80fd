import { createCache } from 'async-cache-dedupe';
import type { Contestant, Place, Session } from '../contestant.js';
import { L1_ENTRIES, TTL_MS } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';

const shared = { kind: 'peer', packageName: 'async-cache-dedupe', bus: 'none' } as const;

export const asyncCacheDedupe: Contestant = {
  ...shared,
  id: 'async-cache-dedupe',
  settings: 'storage `redis` on ioredis, which has no L1; clear',
  hasL1: false,
  hasL2: true,
  open: async ({ url, load }) => {
    const client = await connectIoRedis(url);
    const session = sessionOn({ type: 'redis', options: { client } }, load);
    return { ...session, close: async () => client.disconnect() };
  },
};

export const asyncCacheDedupeMemory: Contestant = {
  ...shared,
  id: 'async-cache-dedupe memory',
  settings: 'storage `memory`, which has no bus to other processes; clear',
  hasL1: true,
  hasL2: false,
  open: async ({ load }) => sessionOn({ type: 'memory', options: { size: L1_ENTRIES } }, load),
};

type Storage = NonNullable<NonNullable<Parameters<typeof createCache>[0]>['storage']>;

function sessionOn(storage: Storage, load: Place['load']): Session {
  const cache = createCache({ ttl: TTL_MS / 1_000, storage }).define('read', (key: string) =>
    load(key),
  );
  return {
    read: (key) => cache.read(key),
    write: async (key, change) => {
      await change();
      await cache.clear('read', key);
    },
    close: async () => undefined,
  };
}
