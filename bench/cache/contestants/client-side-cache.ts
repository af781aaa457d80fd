import { createClient } from '@redis/client';
import { type Contestant, L1_ENTRIES, TTL_MS } from '../contestant.js';

export const clientSideCache: Contestant = {
  id: 'node-redis client-side cache',
  kind: 'peer',
  packageName: '@redis/client',
  settings: 'RESP 3, `clientSideCache` with a TTL; get, or load and set; del',
  hasL1: true,
  hasL2: true,
  bus: 'commands',
  open: async ({ url, l1, load }) => {
    const client = createClient({
      url,
      RESP: 3,
      clientSideCache: {
        ttl: TTL_MS,
        maxEntries: l1 === 'on' ? L1_ENTRIES : 1,
        evictPolicy: 'LRU',
      },
    });
    client.on('error', () => undefined);
    await client.connect();
    const fill = async (key: string) => {
      const text = await load(key);
      await client.set(key, text, { expiration: { type: 'PX', value: TTL_MS } });
      return text;
    };
    return {
      read: async (key) => (await client.get(key)) ?? fill(key),
      write: async (key, change) => {
        await change();
        await client.del(key);
      },
      close: async () => client.destroy(),
    };
  },
};
