import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import type { Contestant, Place, Session } from '../contestant.js';
import { L1_ENTRIES, TTL_MS } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';

export const bentocache: Contestant = {
  id: 'bentocache',
  kind: 'peer',
  packageName: 'bentocache',
  settings:
    'memoryDriver, redisDriver and redisBusDriver on ioredis; getOrSet, delete. Without `serialize: false`: with it and an L2, reads throw',
  hasL1: true,
  hasL2: true,
  bus: 'own',
  open: openBentocache,
};

async function openBentocache(place: Place): Promise<Session> {
  const { load } = place;
  const [commands, bus] = await Promise.all([
    connectIoRedis(place.url),
    connectIoRedis(place.busUrl),
  ]);
  const l2 = bentostore().useL2Layer(redisDriver({ connection: commands }));
  const l1 = memoryDriver({ maxItems: L1_ENTRIES });
  const store =
    place.l1 === 'on' ? l2.useL1Layer(l1).useBus(redisBusDriver({ connection: bus })) : l2;
  const bento = new BentoCache({
    default: 'bench',
    prefix: 'bento',
    ttl: TTL_MS,
    stores: { bench: store },
  });
  return {
    read: (key) => bento.getOrSet({ key, factory: () => load(key) }),
    write: async (key, change) => {
      await change();
      await bento.delete({ key });
    },
    close: () => bento.disconnect(),
  };
}
