import { createNotificationPair, Loader, RedisCache } from 'layered-loader';
import type { Answer, Contestant, Place, Session } from '../contestant.js';
import { L1_ENTRIES, TTL_MS } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';

const shared = { kind: 'peer', packageName: 'layered-loader', hasL1: true, hasL2: true } as const;

export const layeredLoader: Contestant = {
  ...shared,
  id: 'layered-loader',
  settings: 'Loader with lru-map, RedisCache and a notification pair on ioredis; get',
  bus: 'own',
  open: (place) => openLoader(place, (loader, key) => loader.get(key)),
};

export const layeredLoaderTuned: Contestant = {
  ...shared,
  id: 'layered-loader tuned',
  settings: 'the same; getInMemoryOnly first, without a promise, then getAsyncOnly',
  bus: 'own',
  open: (place) =>
    openLoader(place, (loader, key) => loader.getInMemoryOnly(key) ?? loader.getAsyncOnly(key)),
};

type Read = (loader: Loader<string>, key: string) => Answer | Promise<Answer>;

async function openLoader(place: Place, read: Read): Promise<Session> {
  const { url, busUrl, load } = place;
  const clients = await Promise.all([url, busUrl, busUrl].map(connectIoRedis));
  const [redis, publisherRedis, consumerRedis] = clients;
  if (!redis || !publisherRedis || !consumerRedis)
    throw new Error('layered-loader needs three Redis clients');
  const pair = createNotificationPair<string>({
    channel: 'layered-loader',
    publisherRedis,
    consumerRedis,
  });
  const loader = new Loader<string>({
    inMemoryCache:
      place.l1 === 'on'
        ? { cacheType: 'lru-map', ttlInMsecs: TTL_MS, maxItems: L1_ENTRIES }
        : false,
    asyncCache: new RedisCache<string>(redis, { prefix: 'layered', ttlInMsecs: TTL_MS }),
    dataSourceGetOneFn: load,
    ...(place.l1 === 'on'
      ? { notificationConsumer: pair.consumer, notificationPublisher: pair.publisher }
      : {}),
  });
  await loader.init();
  return {
    read: (key) => read(loader, key),
    write: async (key, change) => {
      await change();
      await loader.invalidateCacheFor(key);
    },
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}
