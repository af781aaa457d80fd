import type { Logger } from 'pino';
import { createSentinel } from 'redis';
import { lockSentinelOptions } from '../adapters/lock/lock-client-options.js';
import { SentinelCommands, SentinelSubscriber } from '../adapters/lock/sentinel-clients.js';
import { connected, keepConnecting, reachability } from './redis-connection.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';
import type { TlsOptions } from './tls/tls-options.js';

/** Connections to the master that the sentinels name, and to its successors. */
export async function connectRedisSentinel(
  name: string,
  sentinels: NonNullable<Settings['REDIS_SENTINELS']>,
  logger: Logger,
  resources: Resources,
  tls?: TlsOptions,
) {
  const sentinel = createSentinel(lockSentinelOptions(name, sentinels, tls));
  const { away, back } = reachability(logger);
  sentinel.on('error', away);
  sentinel.on('ready', back);
  const subscriber = new SentinelSubscriber(sentinel, tls);
  const stop = new AbortController();
  resources.defer(async () => {
    stop.abort();
    subscriber.destroy();
    await sentinel.destroy();
  });
  await connected(
    keepConnecting(() => sentinel.connect(), stop.signal),
    logger,
  );
  return { commands: new SentinelCommands(sentinel), subscriber };
}
