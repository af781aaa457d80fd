import { CohortLock } from '../../../src/adapters/lock/layers/3-cohort-lock.js';
import { RedisLock } from '../../../src/adapters/lock/layers/4-redis-lock.js';
import type { Lock } from '../../../src/adapters/lock/lock.js';
import type { LockStrategy } from '../../../src/adapters/lock/redis-lock-settings.js';
import type { Session } from '../contestant.js';
import { connectNodeRedis } from './node-redis.js';

/** A RedisLock with its two connections, on the product's defaults. */
export async function openLockstep(
  url: string,
  strategy: LockStrategy,
  wrap: 'plain' | 'cohort' = 'plain',
): Promise<Session> {
  const [commands, subscriber] = await Promise.all([connectNodeRedis(url), connectNodeRedis(url)]);
  const redisLock = new RedisLock({ commands, subscriber }, { strategy });
  const lock: Lock = wrap === 'cohort' ? new CohortLock(redisLock) : redisLock;
  return {
    acquire: (key) => lock.acquire([key]),
    async close() {
      await redisLock.close();
      commands.destroy();
      subscriber.destroy();
    },
  };
}
