interface Waiter {
  readonly size: number;
  readonly admit: () => void;
}

/**
 * Capacity of a limit for orders. The size of an order is the number of its items minus 1, so the
 * largest order, with 100 items, has size 99.
 */
export const LARGEST_ORDER = 99;

/** Longest time that a size stays taken after its work, in milliseconds. */
const LONGEST_REST_MS = 100;

/**
 * Limits the total size of the work that runs at once. The rest waits in arrival order. Work that
 * is larger than the capacity runs alone. Work of size 0 never waits.
 *
 * After the work, its size stays taken for the same time again, so half of the processor and of the
 * database is left for others. This time has an upper limit, because the work may have waited for a
 * lock, and such a wait costs the others nothing.
 */
export class ConcurrencyLimit {
  #taken = 0;
  readonly #waiting = new Set<Waiter>();

  constructor(
    private readonly capacity: number,
    /** Called when nothing runs and nothing waits. */
    private readonly onIdle: () => void = () => {},
  ) {}

  /** @throws the reason of `signal`, when it aborts before the work begins */
  async within<T>(size: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (size === 0) return work();
    await this.#enter(size, signal);
    const since = performance.now();
    try {
      return await work();
    } finally {
      const restMs = Math.min(performance.now() - since, LONGEST_REST_MS);
      setTimeout(() => this.#leave(size), restMs).unref();
    }
  }

  async #enter(size: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.size === 0 && this.#fits(size)) {
      this.#taken += size;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { size, admit: resolve };
    const onAbort = () => {
      if (!this.#waiting.delete(waiter)) return;
      reject(signal?.reason);
      this.#admitNext();
    };
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', onAbort);
    await promise.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  #leave(size: number): void {
    this.#taken -= size;
    this.#admitNext();
    if (this.#taken === 0) this.onIdle();
  }

  #admitNext(): void {
    for (const waiter of this.#waiting) {
      if (!this.#fits(waiter.size)) return;
      this.#waiting.delete(waiter);
      this.#taken += waiter.size;
      waiter.admit();
    }
  }

  #fits(size: number): boolean {
    return this.#taken === 0 || this.#taken + size <= this.capacity;
  }
}
