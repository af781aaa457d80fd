import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a test waits for something that must happen, in milliseconds. It is long for slow machines,
 * and costs nothing when the test passes. With a planted fault it is shorter, since nothing happens.
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
