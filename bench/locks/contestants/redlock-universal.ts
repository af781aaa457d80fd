import { type CreateLockConfig, createLock, type Lock, NodeRedisAdapter } from 'redlock-universal';
import { type Contestant, LEASE_MS, type Session } from '../contestant.js';
import { connectNodeRedis } from './node-redis.js';
import { tunedDelayMs, tunedRetries } from './tuned-delay.js';

const sends = ['set', 'eval', 'evalsha', 'ping'];

export const redlockUniversal: Contestant = {
  id: 'redlock-universal',
  kind: 'peer',
  packageName: 'redlock-universal',
  settings: 'on node-redis, defaults: 3 retries 100 ms apart, lease 30 s',
  sends,
  sitsOut: [],
  open: ({ url }) => openUniversal(url, {}),
};

export const redlockUniversalTuned: Contestant = {
  id: 'redlock-universal tuned',
  kind: 'peer',
  packageName: 'redlock-universal',
  settings: "on node-redis, 'lean': tuned delay without jitter, retries for 10 s; lease 10 s",
  sends,
  sitsOut: [],
  open: (place) => {
    const retryDelay = tunedDelayMs(place, 'no jitter');
    const retryAttempts = tunedRetries(retryDelay);
    return openUniversal(place.url, {
      ...{ performance: 'lean', ttl: LEASE_MS, retryAttempts, retryDelay },
    });
  },
};

type Tuning = Omit<CreateLockConfig, 'adapter' | 'key'>;

async function openUniversal(url: string, tuning: Tuning): Promise<Session> {
  const client = await connectNodeRedis(url);
  const adapter = new NodeRedisAdapter(client);
  // One lock object for each key is kept: the circuit breaker of a new one first checks Redis's health.
  const locks = new Map<string, Lock>();
  return {
    async acquire(key) {
      const lock = locks.get(key) ?? createLock({ adapter, key, ...tuning });
      locks.set(key, lock);
      const handle = await lock.acquire();
      return { release: () => lock.release(handle) };
    },
    close: async () => client.destroy(),
  };
}
