import { Redis } from 'ioredis';

/** Connects ioredis, the client of most peers. Its errors are ignored: this benchmark breaks no server. */
export async function connectIoRedis(url: string): Promise<Redis> {
  const client = new Redis(url, { lazyConnect: true });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
