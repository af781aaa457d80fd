import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 250;

/**
 * Tries again until the needed server is ready, for at most `withinMs`, because servers that start
 * together are not ready at the same time. A failure that waiting cannot end is thrown at once.
 */
export async function retryUntilReady<T>(
  withinMs: number,
  attempt: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
  onFirstFailure: () => void,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const late = performance.now() + PAUSE_MS >= deadline;
      if (late || !mayPass(error)) throw error;
      if (tries === 1) onFirstFailure();
    }
    await pause(PAUSE_MS);
  }
}
