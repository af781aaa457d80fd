import { setTimeout as delay } from 'node:timers/promises';
import { TwoLevelCache } from '../../../src/adapters/cache/layers/2-two-level-cache.js';
import { RedisCache } from '../../../src/adapters/cache/layers/3-redis-cache.js';
import type { Contestant, Place, Session } from '../contestant.js';
import { L1_ENTRIES, TTL_MS } from '../contestant.js';
import { lockstepSession } from './lockstep-session.js';
import { connectNodeRedis } from './node-redis.js';

/**
 * On a new Redis the cache stores nothing until write intents of the epoch before have expired. This makes it
 * one second instead of 15.
 */
const SHORT = { writeIntentMs: 1_000, commitMs: 500 };
const WAIT_TIMEOUT_MS = 5_000;

export const lockstep: Contestant = {
  id: 'lockstep',
  kind: 'lockstep',
  settings: 'TwoLevelCache on node-redis, staleness bound 1 s; where the L1 is off: RedisCache',
  hasL1: true,
  hasL2: true,
  bus: 'own',
  open: openLockstep,
};

async function openLockstep(place: Place): Promise<Session> {
  const clients = {
    commands: await connectNodeRedis(place.url),
    subscriber: await connectNodeRedis(place.busUrl),
  };
  const settings = { base: '{bench}', ttlMs: TTL_MS, maxEntries: L1_ENTRIES, ...SHORT };
  const shared = new RedisCache(clients, settings);
  const cache = place.l1 === 'on' ? new TwoLevelCache(shared, settings) : shared;
  await shared.start();
  await warm(shared);
  return lockstepSession(cache, place.load, async () => {
    shared.close();
    clients.commands.destroy();
    clients.subscriber.destroy();
  });
}

async function warm(shared: RedisCache): Promise<void> {
  const end = performance.now() + WAIT_TIMEOUT_MS;
  const load = async () => ({ text: 'warm' });
  while ((await shared.read({ key: 'warm' }, load)).source === 'bypass') {
    if (performance.now() > end) throw new Error('the cache does not store what it loads');
    await delay(20);
  }
}
