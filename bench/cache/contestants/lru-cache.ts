import { LRUCache } from 'lru-cache';
import { type Contestant, L1_ENTRIES, TTL_MS } from '../contestant.js';

export const lruCache: Contestant = {
  id: 'lru-cache',
  kind: 'floor',
  packageName: 'lru-cache',
  settings:
    '`fetch` with a `fetchMethod`, a TTL and no bus; the others are compared with hits of its `get`',
  hasL1: true,
  hasL2: false,
  bus: 'none',
  open: async ({ load }) => {
    const cache = new LRUCache<string, string>({
      max: L1_ENTRIES,
      ttl: TTL_MS,
      fetchMethod: (key) => load(key),
    });
    return {
      read: (key) => cache.fetch(key),
      write: async (key, change) => {
        await change();
        cache.delete(key);
      },
      close: async () => cache.clear(),
    };
  },
};
