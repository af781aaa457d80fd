import { setTimeout as pause } from 'node:timers/promises';
import { DependencyUnavailableError } from '../domain/ports/failures.js';

const PAUSE_MS = 250;

/**
 * Tries until the server it needs is there, for at most `withinMs`: what starts together does not
 * become ready together.
 */
export async function patiently<T>(
  withinMs: number,
  attempt: () => Promise<T>,
  onFirstFailure: () => void,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const late = performance.now() + PAUSE_MS >= deadline;
      if (!(error instanceof DependencyUnavailableError) || late) throw error;
      if (tries === 1) onFirstFailure();
    }
    await pause(PAUSE_MS);
  }
}
