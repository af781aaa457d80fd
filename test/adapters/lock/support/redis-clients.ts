import { createClient } from '@redis/client';
import { redisClientOptions } from '../../../../src/adapters/redis/connections/client-options.js';

export type TestClient = Awaited<ReturnType<typeof connect>>;

/** A client as the product configures it; its errors are part of the tests. */
export async function connect(url: string) {
  const client = createClient(redisClientOptions(url));
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** The two connections of one process. */
export async function connectPair(url: string) {
  const [commands, subscriber] = await Promise.all([connect(url), connect(url)]);
  return {
    commands,
    subscriber,
    destroy() {
      commands.destroy();
      subscriber.destroy();
    },
  };
}
