import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 250;

/**
 * Tries until the server it needs is there, for at most `withinMs`: what starts together does not
 * become ready together. A failure that cannot pass is thrown at once.
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
