import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats `attempt` until it succeeds, for at most `withinMs`.
 *
 * @throws the last failure of `attempt`, or the reason of `signal` as soon as that aborts
 */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  { withinMs = 5_000, everyMs = 25, signal }: EventuallyOptions = {},
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
