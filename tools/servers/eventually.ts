import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long is waited for what must come, in milliseconds. It costs nothing while all goes well, and
 * a machine may be slow; only where a planted fault keeps it from coming there is less to wait for.
 */
export const WAIT_TIMEOUT_MS = Number(process.env['TEST_WAIT_TIMEOUT_MS'] ?? 30_000);

/**
 * Repeats `attempt` until it succeeds, for at most `withinMs`.
 *
 * @throws the last failure of `attempt`, or the reason of `signal` as soon as that aborts
 */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  { withinMs = WAIT_TIMEOUT_MS, everyMs = 25, signal }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (performance.now() >= deadline) throw error;
    }
    await sleep(everyMs);
  }
}

interface EventuallyOptions {
  readonly withinMs?: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}
