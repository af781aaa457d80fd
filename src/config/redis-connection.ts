import type { Logger } from 'pino';
import { createClient } from 'redis';
import { lockClientOptions } from '../adapters/lock/lock-client-options.js';
import type { Resources } from './resources.js';

/** How long a start waits for Redis before it goes on without, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * A connection that comes back by itself. While it is away its commands fail at once, so nobody
 * waits on a queue for a server that is down.
 */
export async function connectRedis(url: string, logger: Logger, resources: Resources) {
  const client = createClient(lockClientOptions(url));
  let reported = false;
  client.on('error', (error) => {
    // Every failed try is an error event: the first tells all.
    if (!reported) logger.warn({ err: error }, 'redis is not reachable');
    reported = true;
  });
  client.on('ready', () => {
    if (reported) logger.warn('redis is reachable again');
    reported = false;
  });
  resources.defer(async () => client.destroy());
  await connected(client.connect(), logger);
  return client;
}

/** An instance starts without Redis too, and says so by its readiness. */
async function connected(connecting: Promise<unknown>, logger: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  // Rejects only when the client is closed while it still tries.
  const settled = connecting.catch((error: unknown) => logger.warn({ err: error }, 'redis'));
  await Promise.race([settled, late]);
  clearTimeout(timer);
}
