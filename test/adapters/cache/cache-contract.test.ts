import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import { cacheContract } from '../../contract/cache-contract.js';
import { beginBase, type CacheInstance, cacheInstance, newBase, PATIENT } from './redis-caches.js';

cacheContract('InProcessCache', async () => ({
  cache: new InProcessCache(),
  close: async () => {},
}));

describe('Caches on a real Redis', () => {
  const base = newBase();
  let redis: Awaited<ReturnType<typeof startRedis>>;
  before(async () => {
    redis = await startRedis();
    await beginBase(redis.url, base);
  });
  after(() => redis[Symbol.asyncDispose]());

  const instance = (): Promise<CacheInstance> => cacheInstance(redis.url, { base, ...PATIENT });

  cacheContract('RedisCache', async () => {
    const { shared, close } = await instance();
    return { cache: shared, close };
  });

  cacheContract('TwoLevelCache', async () => {
    const { cache, close } = await instance();
    return { cache, close };
  });
});
