import { setTimeout as pause } from 'node:timers/promises';

/** Work that goes on until it is stopped. */
export interface Repetition {
  /** Ends the pause, lets a run that is under way finish, and starts no other. */
  stop(): Promise<void>;
  /** Ends the pause; while a run is under way, another follows at once. */
  runSoon(): void;
}

/** Told of every run that failed, and whether the one before had failed as well. */
export type RunFailure = (error: unknown, again: boolean) => void;

/**
 * Runs the work again and again, with a pause of up to `everyMs` between the runs: up to a fifth
 * less, so that instances that started together do not stay together.
 */
export function runPeriodically(
  everyMs: number,
  work: (stopped: AbortSignal) => Promise<unknown>,
  onError: RunFailure,
): Repetition {
  const stopped = new AbortController();
  const { signal } = stopped;
  let hurry = Promise.withResolvers<void>();
  const running = (async () => {
    for (let failed = false; ; ) {
      const ms = everyMs * (1 - Math.random() / 5);
      await pauseUnless(hurry.promise, ms, signal);
      if (signal.aborted) return;
      hurry = Promise.withResolvers();
      try {
        await work(signal);
        failed = false;
      } catch (error) {
        if (signal.aborted) return;
        onError(error, failed);
        failed = true;
      }
    }
  })();
  return {
    runSoon: () => hurry.resolve(),
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}

async function pauseUnless(hurry: Promise<void>, ms: number, stopped: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stopped, over.signal]);
  const pausing = pause(ms, undefined, { signal, ref: false }).catch(() => {});
  await Promise.race([pausing, hurry]);
  over.abort();
}
