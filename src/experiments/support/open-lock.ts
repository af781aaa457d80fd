import { RedisLock } from '../../adapters/lock/layers/4-redis-lock.js';
import type { RedisLockSettings } from '../../adapters/lock/redis-lock-settings.js';
import { LockPortAdapter } from '../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { redisSocketOptions } from '../../adapters/redis/connections/client-options.js';
import { redisSocketFor } from '../../config/settings/tls/settings-for-server.js';
import type { LockPort } from '../../domain/ports/lock-port.js';
import { CountingClient } from './counting-client.js';

/** The product's own lock, as in one instance of the service. */
export interface InstanceLock {
  readonly lock: RedisLock;
  /** The same lock as the port of the domain. */
  readonly port: LockPort;
  /** Counts the commands that the lock sends. */
  readonly client: CountingClient;
}

/** Long, so that a busy machine does not look like a Redis that is down. */
const WAIT_TIMEOUT_MS = 2_000;

/** Opens a lock on its own connections, closed with `resources`. With `reconnects` they reconnect. */
export async function openLock(
  url: string,
  settings: Partial<RedisLockSettings>,
  resources: AsyncDisposableStack,
  after: 'fails' | 'reconnects' = 'fails',
): Promise<InstanceLock> {
  const client = new CountingClient(await connect(url, resources, after));
  const lock = new RedisLock(
    { commands: client, subscriber: await connect(url, resources, after) },
    { commandTimeoutMs: WAIT_TIMEOUT_MS, ...settings },
  );
  resources.defer(() => lock.close());
  return { lock, port: new LockPortAdapter(lock), client };
}

/**
 * Removes the keys under a prefix when `resources` is disposed, since a free lock key stays for its
 * token. A prefix given as a function is computed at that time.
 */
export async function removeKeysAtEnd(
  url: string,
  prefix: string | (() => Promise<string>),
  resources: AsyncDisposableStack,
): Promise<void> {
  const client = await connect(url, resources);
  resources.defer(async () => {
    const known = typeof prefix === 'string' ? prefix : await prefix();
    for await (const keys of client.scanIterator({ MATCH: `${known}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
  });
}

async function connect(
  url: string,
  resources: AsyncDisposableStack,
  after: 'fails' | 'reconnects' = 'fails',
) {
  // A broken connection fails the run, unless the run is about that.
  const reconnectStrategy = after === 'reconnects' && redisSocketOptions.reconnectStrategy;
  // Not needed to list the experiments, which every instance does at its start.
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { ...redisSocketFor(url), connectTimeout: WAIT_TIMEOUT_MS, reconnectStrategy },
  });
  // Commands report the failure; without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  resources.defer(async () => client.destroy());
  return client;
}
