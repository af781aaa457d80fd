import { connect, type RedisConnection } from '../support/caching/connect.js';
import { type MakeCache, redisUrlOf } from '../support/caching/make-cache.js';
import { NaiveCache } from './naive-cache.js';

/** A cache in Redis that all instances share. */
class NaiveSharedCache extends NaiveCache {
  protected override readonly level = 'l2';

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly ttlMs: number,
  ) {
    super();
  }

  protected override async get(key: string): Promise<string | undefined> {
    return (await this.redis.get(`${this.prefix}${key}`)) ?? undefined;
  }

  protected override async set(key: string, text: string): Promise<void> {
    await this.redis.set(`${this.prefix}${key}`, text, { PX: this.ttlMs });
  }

  protected override async evict(resources: readonly string[]): Promise<void> {
    await this.redis.del(resources.map((resource) => `${this.prefix}${resource}`));
  }
}

export function naiveSharedCache(ttlMs: number): MakeCache {
  return async (backend) => {
    const { prefix, name, resources } = backend;
    const redis = await connect(redisUrlOf(backend), `${prefix}commands:${name}`, resources);
    return new NaiveSharedCache(redis, `${prefix}entry:`, ttlMs);
  };
}
