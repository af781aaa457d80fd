import { Redlock, type Settings } from '@sesamecare-oss/redlock';
import { type Contestant, LEASE_MS, type Session } from '../contestant.js';
import { connectIoRedis } from './io-redis.js';
import { tunedDelayMs, tunedRetries } from './tuned-delay.js';

const sends = ['eval', 'evalsha'];

export const sesamecareRedlock: Contestant = {
  id: '@sesamecare-oss/redlock',
  kind: 'peer',
  packageName: '@sesamecare-oss/redlock',
  settings: 'on ioredis, defaults: 10 retries 100 to 300 ms apart; lease 10 s',
  sends,
  sitsOut: [],
  open: ({ url }) => openRedlock(url, {}),
};

export const sesamecareRedlockTuned: Contestant = {
  id: '@sesamecare-oss/redlock tuned',
  kind: 'peer',
  packageName: '@sesamecare-oss/redlock',
  settings: 'on ioredis: tuned delay, jitter of half the delay, retries for 10 s; lease 10 s',
  sends,
  sitsOut: ['uncontended'],
  open: (place) => {
    const retryDelay = tunedDelayMs(place, 'jitter');
    const retryCount = tunedRetries(retryDelay);
    return openRedlock(place.url, { retryCount, retryDelay, retryJitter: retryDelay / 2 });
  },
};

async function openRedlock(url: string, settings: Settings): Promise<Session> {
  const client = await connectIoRedis(url);
  const lock = new Redlock([client], settings);
  return {
    acquire: (key) => lock.acquire([key], LEASE_MS),
    close: async () => client.disconnect(),
  };
}
