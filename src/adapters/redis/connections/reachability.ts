import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionObserver, ConnectionOptions } from '../redis-options.js';

/** How long `connect` waits for Redis before it continues without it, in milliseconds. */
const WAIT_TIMEOUT_MS = 1_000;
const RETRY_MS = 400;

const silentObserver: ConnectionObserver = {
  unreachable() {},
  reachable() {},
  writesRefused() {},
  writesTaken() {},
};

export function observerOf({ observer }: ConnectionOptions): ConnectionObserver {
  return observer ?? silentObserver;
}

/**
 * Reports the first of several failures, because each failed attempt is an event. Reports the
 * recovery.
 */
export function reachability(observer: ConnectionObserver) {
  let reported = false;
  return {
    failed: (error: unknown): void => {
      if (!reported) observer.unreachable(error);
      reported = true;
    },
    recovered: (): void => {
      if (reported) observer.reachable();
      reported = false;
    },
  };
}

/**
 * Resolves when the client is connected, or after a time limit: a service also starts without
 * Redis.
 */
export async function connectedInTime(connecting: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_TIMEOUT_MS);
  });
  // This promise rejects only when the client is closed while it connects; other errors are events.
  await Promise.race([connecting.catch(() => {}), late]);
  clearTimeout(timer);
}

/** Repeats the first attempt to connect, for clients that stop after a failed one. */
export async function connectUntilReady(
  connect: () => Promise<unknown>,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    try {
      await connect();
      return;
    } catch {
      // The client's error event reports it.
      await pause(RETRY_MS, undefined, { ref: false });
    }
  }
}
