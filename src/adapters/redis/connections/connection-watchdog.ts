import { assertWritable } from '../assert-writable.js';
import type { CommandSender } from '../command-client.js';
import type { ConnectionObserver } from '../redis-options.js';

/** How often a connection is tried, and how long it may take to answer, in milliseconds. */
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
 * is a replica now: it goes on answering reads, and it sends nothing on its own to a subscriber.
 * Where the network drops packets, the system reports the loss only after a quarter of an hour. So
 * a small write is sent once a second on each connection, also on one that subscribes. After any
 * refusal (READONLY, MASTERDOWN, LOADING, NOREPLICAS, MISCONF, NOAUTH, NOPERM, …) only a new
 * connection finds out which server is behind the address and what the account may do there. A
 * server that is full (OOM) is an exception: it still runs most commands, and a new connection
 * could do no more.
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
    // It repeats its tries by itself, until it is destroyed again.
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
