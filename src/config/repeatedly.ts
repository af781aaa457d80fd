import { setTimeout as pause } from 'node:timers/promises';

/** Work that goes on until it is stopped. */
export interface Repetition {
  /** Ends the pause, lets a run that is under way finish, and starts no other. */
  stop(): Promise<void>;
}

/**
 * Runs the work again and again, with a pause of up to `everyMs` between the runs: up to a fifth
 * less, so that instances that started together do not stay together.
 */
export function repeatedly(
  everyMs: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): Repetition {
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      const ms = everyMs * (1 - Math.random() / 5);
      await pause(ms, undefined, { signal: stopped.signal, ref: false }).catch(() => {});
      if (stopped.signal.aborted) return;
      await work().catch(onError);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
