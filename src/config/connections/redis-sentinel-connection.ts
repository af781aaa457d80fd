import type { Logger } from 'pino';
import { createSentinel } from 'redis';
import { lockSentinelOptions } from '../../adapters/redis/lock-client-options.js';
import { SentinelCommands, SentinelSubscriber } from '../../adapters/redis/sentinel-clients.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import type { TlsOptions } from '../settings/tls/tls-options.js';
import { connected, keepConnecting, reachability } from './redis-connection.js';

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
