import { type Place, TUNED_WAIT_MS } from '../contestant.js';

/**
 * The pause between tries at which the retrying peers do best in this very load, which grows with
 * the waiters: too short and they keep Redis busy, too long and the lock lies idle. Found by a
 * sweep over 0.02 to 1 ms a waiter. A deployment knows neither number; here they do.
 */
export function tunedDelayMs({ waiters, once }: Place, jitter: 'jitter' | 'no jitter'): number {
  return Math.max(2, Math.round(waiters * delayAWaiter(once, jitter)));
}

export function tunedRetries(delayMs: number): number {
  return Math.ceil(TUNED_WAIT_MS / delayMs);
}

function delayAWaiter(once: boolean, jitter: 'jitter' | 'no jitter'): number {
  if (!once) return 0.4;
  // Those who pause equally long all come back together: the sooner the better.
  return jitter === 'jitter' ? 0.1 : 0.02;
}
