import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import type { Random } from '../support/random.js';
import { nowMs } from './event-log.js';
import type { Fault } from './fuzz.js';

/** Faults of a single Redis. */
export function redisFaults(redis: Server): readonly Fault[] {
  const cut: Fault = {
    name: 'subscribers cut off',
    async inflict() {
      await askRedis(redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    },
  };
  return [
    cut,
    cut,
    {
      name: 'Redis restarted with its data',
      async inflict({ random }) {
        // A killed Redis has written every answered command to its log.
        await redis.stop(random.chance(0.5) ? 'abruptly' : undefined);
        await sleep(random.between(0, 400));
        await redis.start();
        await lockIsUsedAgain(random);
      },
    },
    {
      name: 'Redis restarted empty',
      async inflict({ random, lost }) {
        await redis.stop('abruptly');
        const from = nowMs();
        await sleep(random.between(0, 400));
        await redis.start('empty');
        lost({ from, to: nowMs() });
        await lockIsUsedAgain(random);
      },
    },
  ];
}

/**
 * An instance that found Redis down does not use it for a second. The test shortens that time,
 * because it tests the lock.
 */
function lockIsUsedAgain(random: Random): Promise<void> {
  return sleep(random.between(1_500, 3_500));
}
