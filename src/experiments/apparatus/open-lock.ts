import { createClient } from 'redis';
import { RedisLock } from '../../adapters/lock/redis-lock.js';
import type { RedisLockSettings } from '../../adapters/lock/redis-lock-settings.js';
import { redisSocketOptions } from '../../adapters/redis/connections/client-options.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import { redisSocketFor } from '../../config/settings/tls/settings-beside.js';
import type { LockPort } from '../../domain/ports/lock-port.js';
import { CountingClient } from './counting-client.js';

/** The product's own lock, as one instance of the service has it. */
export interface InstanceLock {
  readonly lock: RedisLock;
  /** The same lock as the shop's port. */
  readonly port: LockPort;
  /** Counts what the lock asked of Redis. */
  readonly client: CountingClient;
}

/** A machine that is busy must not look like a Redis that is down, in milliseconds. */
const WAIT_TIMEOUT_MS = 2_000;

/** On connections of its own, closed with `resources`; they come back only where that is asked for. */
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
 * Has what the locks under a prefix leave removed with `resources`; a free key keeps its token. A
 * prefix that is not known yet is asked for then.
 */
export async function forgetKeysAtEnd(
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
  // A connection that breaks fails the trial, unless the trial is about that.
  const reconnectStrategy = after === 'reconnects' && redisSocketOptions.reconnectStrategy;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { ...redisSocketFor(url), connectTimeout: WAIT_TIMEOUT_MS, reconnectStrategy },
  });
  // The failure is that of the commands; without a listener it would end the process as well.
  client.on('error', () => {});
  await client.connect();
  resources.defer(async () => client.destroy());
  return client;
}
