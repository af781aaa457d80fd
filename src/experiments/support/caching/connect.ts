import { setTimeout as pause } from 'node:timers/promises';
import { redisSocketFor } from '../../../config/settings/tls/settings-for-server.js';

/**
 * Time without a connection after it was cut, in milliseconds. The library would connect again at once, and
 * could subscribe before the message that the cut is there for.
 */
const RECONNECT_MS = 100;
const WAIT_TIMEOUT_MS = 2_000;

/** Opens a connection that reconnects after a pause, closed with `resources`. */
export async function connect(url: string, name: string, resources: AsyncDisposableStack) {
  // Not needed to list the experiments, which every instance does at its start.
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    name,
    disableOfflineQueue: true,
    socket: {
      ...redisSocketFor(url),
      connectTimeout: WAIT_TIMEOUT_MS,
      reconnectStrategy: false,
    },
  });
  client.on('error', () => {});
  await client.connect();
  let isClosed = false;
  client.on('error', async () => {
    await pause(RECONNECT_MS, undefined, { ref: false });
    if (!isClosed && !client.isOpen) await client.connect().catch(() => {});
  });
  resources.defer(async () => {
    isClosed = true;
    if (client.isOpen) client.destroy();
  });
  return client;
}

export type RedisConnection = Awaited<ReturnType<typeof connect>>;

/** Makes Redis close the connection of the subscriber with this name, once it subscribes. */
export async function cut(admin: RedisConnection, name: string): Promise<void> {
  const deadline = performance.now() + WAIT_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const list = String(await admin.sendCommand(['CLIENT', 'LIST', 'TYPE', 'pubsub']));
    const line = list.split('\n').find((client) => client.includes(` name=${name} `));
    const id = /^id=(\d+)/.exec(line ?? '')?.[1];
    if (id) return void (await admin.sendCommand(['CLIENT', 'KILL', 'ID', id]));
    await pause(5);
  }
  throw new Error(`${name} does not subscribe`);
}
