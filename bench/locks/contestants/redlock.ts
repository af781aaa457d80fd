import type { Redis } from 'ioredis';
// @ts-expect-error: redlock 4 ships no types
import untypedRedlock from 'redlock';
import { type Contestant, type Held, LEASE_MS, type Session } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';
import { tunedDelayMs, tunedRetries } from './tuned-delay.js';

/** The part of redlock 4 that the benchmark uses. */
interface Redlock {
  acquire(resource: string, ttlMs: number): Promise<{ unlock(): Promise<void> }>;
}
interface RedlockOptions {
  readonly retryCount?: number;
  readonly retryDelay?: number;
  readonly retryJitter?: number;
}
type RedlockConstructor = new (clients: readonly Redis[], options: RedlockOptions) => Redlock;

const Redlock = untypedRedlock as RedlockConstructor;
const sends = ['eval', 'evalsha'];

export const redlock: Contestant = {
  id: 'redlock',
  kind: 'peer',
  packageName: 'redlock',
  settings: 'on ioredis, defaults: 10 retries 100 to 300 ms apart; lease 10 s',
  sends,
  sitsOut: [],
  open: ({ url }) => openRedlock(url, {}),
};

export const redlockTuned: Contestant = {
  id: 'redlock tuned',
  kind: 'peer',
  packageName: 'redlock',
  settings: 'on ioredis: tuned delay, jitter of half the delay, retries for 10 s; lease 10 s',
  sends,
  sitsOut: ['uncontended'],
  open: (place) => {
    const retryDelay = tunedDelayMs(place, 'jitter');
    const retryCount = tunedRetries(retryDelay);
    return openRedlock(place.url, { retryCount, retryDelay, retryJitter: retryDelay / 2 });
  },
};

async function openRedlock(url: string, options: RedlockOptions): Promise<Session> {
  const client = await connectIoRedis(url);
  const lock = new Redlock([client], options);
  return {
    async acquire(key): Promise<Held> {
      const held = await lock.acquire(key, LEASE_MS);
      return { release: () => held.unlock() };
    },
    close: async () => client.disconnect(),
  };
}
