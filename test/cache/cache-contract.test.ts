import { LruCache } from '../../src/adapters/cache/lru-cache.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { cacheContract } from '../contract/cache-contract.js';
import { type CacheInstance, cacheInstance, newBase, warm } from './redis-caches.js';

cacheContract('LruCache', async () => ({ cache: new LruCache(), close: async () => {} }));

describe('Caches on a real Redis', () => {
  const base = newBase();
  let redis: Awaited<ReturnType<typeof startRedis>>;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  async function instance(): Promise<CacheInstance> {
    const made = await cacheInstance(redis.url, { base });
    await warm(made);
    return made;
  }

  cacheContract('RedisCache', async () => {
    const { shared, close } = await instance();
    return { cache: shared, close };
  });

  cacheContract('TwoLevelCache', async () => {
    const { cache, close } = await instance();
    return { cache, close };
  });
});
