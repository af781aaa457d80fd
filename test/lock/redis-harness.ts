import { RedisLock } from '../../src/adapters/lock/redis-lock.js';
import type { RedisLockSettings } from '../../src/adapters/lock/redis-lock-settings.js';
import type { LockHarness } from '../contract/lock-harness.js';
import { eventually } from './eventually.js';
import { connect, connectPair } from './redis-clients.js';

export interface RedisHarness extends LockHarness {
  readonly a: RedisLock;
  readonly b: RedisLock;
}

let harnesses = 0;

/** Locks on a Redis of one or of two processes, each with its own connections. */
export async function redisHarness(
  url: string,
  processes: 1 | 2,
  chosen: Partial<RedisLockSettings>,
): Promise<RedisHarness> {
  harnesses += 1;
  const settings = { prefix: `test:${process.pid}:${harnesses}:`, ...chosen };
  const { prefix } = settings;
  const pairs = await Promise.all(Array.from({ length: processes }, () => connectPair(url)));
  const locks = pairs.map((pair) => new RedisLock(pair, settings));
  const probe = await connect(url);
  const [a, b = a] = locks;
  if (!a || !b) throw new Error('no lock');
  const name = (key: string) => `${prefix}{${key}}`;
  const standing = (key: string) => probe.zCard(`${name(key)}:queue`);
  return {
    a,
    b,
    async settled(key, expected) {
      if (settings.strategy === 'spin' || settings.strategy === 'simple') return;
      await eventually(async () => (await standing(key)) === expected);
    },
    service: {
      standing,
      async forget(keys) {
        await probe.del(keys.map(name));
      },
      async requests() {
        const stats = await probe.info('commandstats');
        return [.../cmdstat_eval(?:sha)?:calls=(\d+)/g[Symbol.matchAll](stats)].reduce(
          (sum, [, calls]) => sum + Number(calls),
          0,
        );
      },
      crashA: () => pairs[0]?.destroy(),
    },
    async close() {
      await Promise.all(locks.map((lock) => lock.close()));
      for (const pair of pairs) pair.destroy();
      probe.destroy();
    },
  };
}
