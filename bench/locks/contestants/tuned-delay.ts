import { type Place, TUNED_WAIT_MS } from '../contestant.js';

/**
 * Returns the pause between two tries, in milliseconds, at which retrying peers are fastest under this
 * load. It grows with the number of waiters: a shorter pause keeps Redis busy, a longer one leaves the
 * lock unused. Measured with 0.02 to 1 ms for each waiter. A deployment cannot know the load beforehand.
 */
export function tunedDelayMs({ waiters, once }: Place, jitter: 'jitter' | 'no jitter'): number {
  return Math.max(2, Math.round(waiters * delayAWaiter(once, jitter)));
}

export function tunedRetries(delayMs: number): number {
  return Math.ceil(TUNED_WAIT_MS / delayMs);
}

function delayAWaiter(once: boolean, jitter: 'jitter' | 'no jitter'): number {
  if (!once) return 0.4;
  // Without jitter all waiters of a burst retry at the same time, so a shorter pause is better.
  return jitter === 'jitter' ? 0.1 : 0.02;
}
