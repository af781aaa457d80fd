import { Redis } from 'ioredis';

/** The client that most peers are made for, with its defaults. */
export async function connectIoRedis(url: string): Promise<Redis> {
  const client = new Redis(url, { lazyConnect: true });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
