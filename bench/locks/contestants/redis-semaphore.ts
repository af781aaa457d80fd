import { Mutex, type TimeoutOptions } from 'redis-semaphore';
import { type Contestant, LEASE_MS, type Session, TUNED_WAIT_MS } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';
import { tunedDelayMs } from './tuned-delay.js';

const sends = ['set', 'eval', 'evalsha'];

export const redisSemaphore: Contestant = {
  id: 'redis-semaphore',
  kind: 'peer',
  packageName: 'redis-semaphore',
  settings: 'Mutex on ioredis, defaults: retry every 10 ms, wait 10 s, lease 10 s',
  sends,
  sitsOut: [],
  open: ({ url }) => openMutexes(url, {}),
};

export const redisSemaphoreTuned: Contestant = {
  id: 'redis-semaphore tuned',
  kind: 'peer',
  packageName: 'redis-semaphore',
  settings: 'Mutex on ioredis: tuned delay without jitter (it has none), wait 10 s, lease 10 s',
  sends,
  sitsOut: ['uncontended'],
  open: (place) =>
    openMutexes(place.url, {
      lockTimeout: LEASE_MS,
      acquireTimeout: TUNED_WAIT_MS,
      retryInterval: tunedDelayMs(place, 'no jitter'),
    }),
};

async function openMutexes(url: string, options: TimeoutOptions): Promise<Session> {
  const client = await connectIoRedis(url);
  return {
    async acquire(key) {
      const mutex = new Mutex(client, key, options);
      await mutex.acquire();
      return mutex;
    },
    close: async () => client.disconnect(),
  };
}
