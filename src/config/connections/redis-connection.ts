import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import { lockClientOptions } from '../../adapters/redis/lock-client-options.js';
import type { Resources } from '../resources.js';
import { refusalOf } from '../settings/tls/refusal.js';
import type { TlsOptions } from '../settings/tls/tls-options.js';
import { watchConnection } from './connection-watchdog.js';

/** How long a start waits for Redis before it goes on without, in milliseconds. */
const WAIT_TIMEOUT_MS = 1_000;
const RETRY_MS = 400;

/**
 * A connection that comes back by itself. While it is away its commands fail at once, so nobody
 * waits on a queue for a server that is down.
 */
export async function connectRedis(
  url: string,
  logger: Logger,
  resources: Resources,
  tls?: TlsOptions,
) {
  const client = createClient(lockClientOptions(url, tls));
  const { away, back } = reachability(logger);
  client.on('error', away);
  client.on('ready', back);
  resources.defer(async () => client.destroy());
  watchConnection(client, logger, resources);
  // Rejects only when the client is closed while it still tries.
  await connected(client.connect(), logger);
  return client;
}

/** Logs the first failure of many, for every failed try is an event, and the return. */
export function reachability(logger: Logger) {
  let reported = false;
  return {
    away: (error: unknown): void => {
      const what = refusalOf('REDIS', error) ?? 'redis is not reachable';
      if (!reported) logger.warn({ err: error }, what);
      reported = true;
    },
    back: (): void => {
      if (reported) logger.warn('redis is reachable again');
      reported = false;
    },
  };
}

/** An instance starts without Redis too, and says so by its readiness. */
export async function connected(connecting: Promise<unknown>, logger: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_TIMEOUT_MS);
  });
  const settled = connecting.catch((error: unknown) => logger.warn({ err: error }, 'redis'));
  await Promise.race([settled, late]);
  clearTimeout(timer);
}

/** For clients that give up when their first try fails. */
export async function keepConnecting(
  connect: () => Promise<unknown>,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    try {
      await connect();
      return;
    } catch {
      // Said by the client's own error event.
      await pause(RETRY_MS, undefined, { ref: false });
    }
  }
}
