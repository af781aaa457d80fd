import { randomUUID } from 'node:crypto';
import { RedisScript } from '../../../src/adapters/redis/redis-script.js';
import type { Contestant, Session } from '../contestant.js';
import { LEASE_MS } from '../contestant.js';
import { connectNodeRedis } from './node-redis.js';

const deleteIfOwn = new RedisScript(
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
);

/** The fewest commands that a correct lock can send: the least cost of a lock on this client and server. */
export const rawFloor: Contestant = {
  id: 'raw floor',
  kind: 'floor',
  settings: `SET NX PX ${LEASE_MS} and a compare-and-delete script on node-redis`,
  sends: ['set', 'eval', 'evalsha'],
  sitsOut: ['contended'],
  open: ({ url }) => openRaw(url),
};

async function openRaw(url: string): Promise<Session> {
  const client = await connectNodeRedis(url);
  await client.scriptLoad(deleteIfOwn.text);
  const process = randomUUID();
  let pairs = 0;
  return {
    async acquire(key) {
      pairs += 1;
      const owner = `${process}:${pairs}`;
      const taken = await client.sendCommand(['SET', key, owner, 'NX', 'PX', String(LEASE_MS)]);
      if (String(taken) !== 'OK') throw new Error(`${key} is taken`);
      return { release: () => client.sendCommand(['EVALSHA', deleteIfOwn.sha, '1', key, owner]) };
    },
    close: async () => client.destroy(),
  };
}
