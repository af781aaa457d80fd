/** How often and how fast a unit of work that met a changed row runs again. */
export interface RetryPolicy {
  /** Runs in all, at least 1. */
  readonly attempts: number;
  /** The pause before run n+1 is random between 0 and `baseMs * 2^n` ("full jitter"). */
  readonly baseMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 8, baseMs: 4 };

/** Milliseconds to pause after the given number of runs. */
export function backoffMs(policy: RetryPolicy, runs: number): number {
  return Math.random() * policy.baseMs * 2 ** runs;
}
