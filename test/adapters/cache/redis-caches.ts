import { TwoLevelCache } from '../../../src/adapters/cache/layers/2-two-level-cache.js';
import { RedisCache } from '../../../src/adapters/cache/layers/3-redis-cache.js';
import type { RedisCacheSettings } from '../../../src/adapters/cache/redis-cache-settings.js';
import type { SubscriberClient } from '../../../src/adapters/redis/command-client.js';
import { unique } from '../../contract/cache-harness.js';
import { eventually } from '../../contract/eventually.js';
import { connectPair } from '../lock/support/redis-clients.js';

export interface CacheInstance {
  readonly shared: RedisCache;
  readonly cache: TwoLevelCache;
  readonly clients: Awaited<ReturnType<typeof connectPair>>;
  /** While true, this instance loses the messages of the bus. */
  deaf: boolean;
  /** The number of lost messages. */
  missed: number;
  close(): Promise<void>;
}

/**
 * Short lifetimes, so that tests wait less. The timeout is long, so that a busy machine does not
 * look like a Redis that is down.
 */
const QUICK = { writeIntentMs: 400, commitMs: 100, maxStalenessMs: 400, commandTimeoutMs: 2_000 };

/** Lifetimes longer than any test, also on a slow machine. */
export const PATIENT = {
  writeIntentMs: 60_000,
  commitMs: 100,
  maxStalenessMs: 60_000,
  fillMs: 60_000,
  fillLeaseMs: 60_000,
  commandTimeoutMs: 10_000,
};

/** A name in Redis that no other test uses. */
export function newBase(): string {
  return `{${unique('cache')}}`;
}

/** One instance of the service with its cache, on its own connections. */
export async function cacheInstance(
  url: string,
  settings: Partial<RedisCacheSettings>,
): Promise<CacheInstance> {
  const clients = await connectPair(url);
  const chosen = { ...QUICK, ...settings };
  const subscriber: SubscriberClient = {
    subscribe: (channel, listener) =>
      clients.subscriber.subscribe(channel, (message) => {
        if (made.deaf) made.missed += 1;
        else listener(message);
      }),
    unsubscribe: (channel) => clients.subscriber.unsubscribe(channel),
    on: (event, listener) => clients.subscriber.on(event, listener),
    off: (event, listener) => clients.subscriber.off(event, listener),
  };
  const shared = new RedisCache({ commands: clients.commands, subscriber }, chosen);
  const made: CacheInstance = {
    shared,
    cache: new TwoLevelCache(shared, chosen),
    clients,
    deaf: false,
    missed: 0,
    close: async () => {
      shared.close();
      clients.destroy();
    },
  };
  await shared.start();
  return made;
}

/**
 * Begins the first epoch of a base. In a new epoch nothing is kept until the longest write intent
 * of its first instance is over; this instance has short ones.
 */
export async function beginBase(url: string, base: string): Promise<void> {
  const first = await cacheInstance(url, { base, writeIntentMs: 1, commitMs: 0 });
  await warm(first);
  await first.close();
}

/** Waits until the cache keeps what it loads. In a new Redis this takes a moment. */
export async function warm(cache: CacheInstance): Promise<void> {
  const key = unique('warm');
  const load = async () => ({ text: 'warm' });
  await eventually(async () => (await cache.shared.read({ key }, load)).source !== 'bypass');
}
