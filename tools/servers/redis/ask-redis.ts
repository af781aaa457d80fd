import { createClient } from 'redis';

/** Sends one command on a connection of its own; a server that is not there fails it at once. */
export async function askRedis(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
