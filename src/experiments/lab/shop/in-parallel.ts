import { atOnce } from '../../support/at-once.js';

export interface ParallelLimits {
  /** Most items at once. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

/**
 * Does the work for each item. After a failure, or when the signal aborts, no further item begins; the
 * first failure is thrown when the work under way has ended.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  { atOnce: limit, signal }: ParallelLimits,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let hasFailed = false;
  const worker = async () => {
    for (const item of waiting) {
      if (hasFailed) return;
      signal.throwIfAborted();
      await work(item);
    }
  };
  const guarded = () =>
    worker().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
  await atOnce(Array.from({ length: limit }, guarded));
}
