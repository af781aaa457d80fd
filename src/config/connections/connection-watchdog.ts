import type { Logger } from 'pino';
import { assertWritable } from '../../adapters/redis/assert-writable.js';
import type { CommandSender } from '../../adapters/redis/command-client.js';
import type { Resources } from '../resources.js';

/** How often a connection is tried, and how long it may take to answer, in milliseconds. */
const EVERY_MS = 1_000;

interface WatchedClient extends CommandSender {
  readonly isReady: boolean;
  destroy(): void;
  connect(): Promise<unknown>;
}

/**
 * Connects anew when the server at the other end does not take writes, or says nothing at all.
 *
 * After a failover behind one address an open connection still leads to the old server, now a
 * replica, which goes on answering reads and, on a subscriber, says nothing of its own. And where the
 * network drops packets nothing would say so for a quarter of an hour. So each connection, also
 * one that subscribes, is asked for a small write once a second. Whatever the refusal (READONLY,
 * MASTERDOWN, LOADING, NOREPLICAS, MISCONF, NOAUTH, NOPERM, …), only a new connection finds out who
 * is behind the address and what the account may do there now. Not so a server that is full: it
 * still does much of what it is asked, and a new connection would do no more.
 */
export function watchConnection(client: WatchedClient, logger: Logger, resources: Resources): void {
  let asking = false;
  let stopped = false;
  let refused = false;
  const ask = async () => {
    if (asking || !client.isReady) return;
    asking = true;
    const failure = await failureOf(client);
    asking = false;
    if (stopped || !client.isReady) return;
    if (!failure || isFull(failure)) {
      if (refused && !failure) logger.warn('redis takes writes again');
      refused = false;
      return;
    }
    if (!refused) logger.warn({ err: failure }, 'redis takes no writes: connecting anew');
    refused = true;
    client.destroy();
    // Goes on trying by itself; it ends only when it is destroyed again.
    client.connect().catch(() => {});
  };
  const timer = setInterval(() => void ask(), EVERY_MS);
  timer.unref();
  resources.defer(async () => {
    stopped = true;
    clearInterval(timer);
  });
}

function isFull(failure: unknown): boolean {
  return failure instanceof Error && /^OOM /.test(failure.message);
}

/** Undefined when it took a write in time. */
function failureOf(client: WatchedClient): Promise<unknown> {
  return new Promise((resolve) => {
    const giveUp = () => resolve(new Error(`no answer in ${EVERY_MS} ms`));
    // An answer that came while the process was stopped is read before the check phase.
    const timer = setTimeout(() => setImmediate(giveUp), EVERY_MS);
    const settle = (failure?: unknown) => {
      clearTimeout(timer);
      resolve(failure);
    };
    assertWritable(client).then(() => settle(), settle);
  });
}
