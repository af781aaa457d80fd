/** How often and how fast a unit of work that met a changed row runs again. */
export interface RetryPolicy {
  /** Runs in all, at least 1. */
  readonly attempts: number;
  /** The pause after run n is random between 0 and `baseMs * 2^n` ("full jitter"). */
  readonly baseMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 8, baseMs: 4 };
