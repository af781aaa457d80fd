import { createClient } from '@redis/client';
import { redisClientOptions } from '../../../src/adapters/redis/connections/client-options.js';

/** Connects node-redis with the settings of the service, for Lockstep, the floor and one peer. */
export async function connectNodeRedis(url: string) {
  const client = createClient(redisClientOptions(url));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
