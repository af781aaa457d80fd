import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis } from '../../servers/redis/ask-redis.js';

const SUBSCRIBING = ['subscribe', 'psubscribe', 'ssubscribe'];

/** Long enough for every instance to notice that its subscriptions ended. */
const NOTICE_MS = 1_000;

/** Runs `work` while no instance can subscribe, so that no invalidation message arrives. */
export async function withoutBus(redis: string, work: () => Promise<void>): Promise<void> {
  await askRedis(redis, ['ACL', 'SETUSER', 'default', ...SUBSCRIBING.map((word) => `-${word}`)]);
  try {
    await askRedis(redis, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await sleep(NOTICE_MS);
    await work();
  } finally {
    await askRedis(redis, ['ACL', 'SETUSER', 'default', ...SUBSCRIBING.map((word) => `+${word}`)]);
  }
}
