import { RedisLock } from '../../../src/adapters/lock/layers/4-redis-lock.js';
import type { COHORT_TURNS, LockStrategy } from '../../../src/adapters/lock/redis-lock-settings.js';
import type { Session } from '../contestant.js';
import { connectNodeRedis } from './node-redis.js';

/** Opens a RedisLock with two connections and the default settings of the service. */
export async function openLockstep(
  url: string,
  strategy: LockStrategy,
  turns: 1 | typeof COHORT_TURNS = 1,
): Promise<Session> {
  const [commands, subscriber] = await Promise.all([connectNodeRedis(url), connectNodeRedis(url)]);
  const lock = new RedisLock({ commands, subscriber }, { strategy, turns });
  return {
    acquire: (key) => lock.acquire([key]),
    async close() {
      await lock.close();
      commands.destroy();
      subscriber.destroy();
    },
  };
}
