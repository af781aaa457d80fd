import { createClient } from 'redis';
import { redisClientOptions } from '../../../src/adapters/redis/connections/client-options.js';

/** A node-redis client as the product configures it, for Lockstep and the raw GET alike. */
export async function connectNodeRedis(url: string) {
  const client = createClient(redisClientOptions(url));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
