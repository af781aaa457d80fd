import { setTimeout as pause } from 'node:timers/promises';
import type { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import type { Clock } from '../../domain/ports/clock.js';

/** However much is due, others get their turn in between; milliseconds. */
const SHORTEST_PAUSE_MS = 10;

export interface SweepLoop {
  /** Ends the pause, lets a run that is under way come to its end, and starts no other. */
  stop(): Promise<void>;
}

/**
 * Runs the work at the times it answers, but after `longestPauseMs` at the latest, since what is
 * due sooner may have been added elsewhere meanwhile.
 */
export function sweepLoop(
  clock: Clock,
  longestPauseMs: number,
  work: (stopped: AbortSignal) => Promise<Date | undefined>,
  onError: (error: unknown) => void,
): SweepLoop {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const attempt = () =>
    work(stopped).catch((error: unknown) => {
      if (!stopped.aborted) onError(error);
      return undefined;
    });
  const running = (async () => {
    while (!stopped.aborted) {
      const next = await attempt();
      const untilNext = next ? next.getTime() - clock.now().getTime() : longestPauseMs;
      const ms = Math.min(longestPauseMs, Math.max(SHORTEST_PAUSE_MS, untilNext));
      await pause(ms, undefined, { signal: stopped, ref: false }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** The same loop, after whose end another process may take up the duty at once. */
export function dutiful(loop: SweepLoop, duty: SweeperElection): SweepLoop {
  return {
    stop: async () => {
      await loop.stop();
      // Left behind, it ends by itself.
      await duty.release().catch(() => {});
    },
  };
}
