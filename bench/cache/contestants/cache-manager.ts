import KeyvRedis from '@keyv/redis';
import { createCache } from 'cache-manager';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';
import { type Contestant, L1_ENTRIES, TTL_MS } from '../contestant.js';

export const cacheManager: Contestant = {
  id: 'cache-manager',
  kind: 'peer',
  packageName: 'cache-manager',
  settings: 'stores CacheableMemory and @keyv/redis; wrap, del; it has no bus',
  hasL1: true,
  hasL2: true,
  bus: 'none',
  open: async ({ url, l1, load }) => {
    const near = new Keyv({ store: new CacheableMemory({ ttl: TTL_MS, lruSize: L1_ENTRIES }) });
    const far = new Keyv({ store: new KeyvRedis(url) });
    far.on('error', () => undefined);
    const cache = createCache({ stores: l1 === 'on' ? [near, far] : [far], ttl: TTL_MS });
    return {
      read: (key) => cache.wrap(key, () => load(key)),
      write: async (key, change) => {
        await change();
        await cache.del(key);
      },
      close: async () => {
        await cache.disconnect();
      },
    };
  },
};
