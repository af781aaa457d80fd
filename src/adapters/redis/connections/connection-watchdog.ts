import { assertWritable } from '../assert-writable.js';
import type { CommandSender } from '../command-client.js';
import type { ConnectionObserver } from '../redis-options.js';

/** How often a connection is checked, and how long an answer may take, in milliseconds. */
const EVERY_MS = 1_000;

interface WatchedClient extends CommandSender {
  readonly isReady: boolean;
  destroy(): void;
  connect(): Promise<unknown>;
}

/**
 * Connects again when the server refuses writes, or gives no answer. Returns a function that stops
 * the watching.
 *
 * After a failover behind one address an open connection still leads to the old server. That server
 * is now a replica: it still answers reads, but it publishes nothing to a subscriber. If the
 * network drops packets, the system reports the loss only after a quarter of an hour. So a small
 * write is sent once a second on each connection, also on a subscriber's connection. After any
 * refusal (READONLY, MASTERDOWN, LOADING, NOREPLICAS, MISCONF, NOAUTH, NOPERM, …) only a new
 * connection can find out which server has the address now, and what the account may do there. A
 * full server (OOM) is an exception: it still runs most commands, and a new connection would not
 * help.
 */
export function watchConnection(client: WatchedClient, observer: ConnectionObserver): () => void {
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
      if (refused && !failure) observer.writesTaken();
      refused = false;
      return;
    }
    if (!refused) observer.writesRefused(failure);
    refused = true;
    client.destroy();
    // The client repeats its attempts by itself, until it is destroyed again.
    client.connect().catch(() => {});
  };
  const timer = setInterval(() => void ask(), EVERY_MS);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function isFull(failure: unknown): boolean {
  return failure instanceof Error && /^OOM /.test(failure.message);
}

/** Undefined when the server took a write in time. */
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
