import { performance } from 'node:perf_hooks';

/**
 * Milliseconds within which a further signal is the same Ctrl-C: the terminal sends it to every process
 * of the group, and npm and the launcher pass it on.
 */
const SAME_REQUEST_MS = 1_000;

/** Calls `stop` at the first of the signals. One that comes 1 s later or more ends the process with 1. */
export function onStopSignal(
  signals: readonly NodeJS.Signals[],
  stop: (signal: NodeJS.Signals) => void,
): void {
  let stoppedAt: number | undefined;
  for (const name of signals) {
    process.on(name, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        stop(name);
      } else if (performance.now() - stoppedAt >= SAME_REQUEST_MS) {
        process.exit(1);
      }
    });
  }
}
