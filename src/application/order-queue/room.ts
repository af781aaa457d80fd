interface Waiting {
  readonly size: number;
  readonly admit: () => void;
}

/** Items of the largest order beyond its first: as much as makes up for many small ones. */
export const LARGEST_ORDER = 99;

/** The time of some work may be that of a lock it waited for, which costs nobody anything. */
const LONGEST_REST_MS = 100;

/**
 * Lets work in while there is room for it, and the rest in the order it came; what is larger than
 * the room has it alone. What work took stays taken for as long again, so that half of the time the
 * processor and the database are there for others. What has no size is never kept waiting.
 */
export class Room {
  private taken = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(
    private readonly capacity: number,
    /** Nothing is inside, and nothing waits. */
    private readonly emptied: () => void = () => {},
  ) {}

  /** @throws the reason of `signal`, when it aborts before there is room */
  async within<T>(size: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (size === 0) return work();
    await this.enter(size, signal);
    const since = performance.now();
    try {
      return await work();
    } finally {
      const restMs = Math.min(performance.now() - since, LONGEST_REST_MS);
      setTimeout(() => this.leave(size), restMs).unref();
    }
  }

  private async enter(size: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.waiting.size === 0 && this.fits(size)) {
      this.taken += size;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { size, admit: resolve };
    const giveUp = () => {
      if (!this.waiting.delete(waiting)) return;
      reject(signal?.reason);
      this.admitNext();
    };
    this.waiting.add(waiting);
    signal?.addEventListener('abort', giveUp);
    await promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  private leave(size: number): void {
    this.taken -= size;
    this.admitNext();
    if (this.taken === 0) this.emptied();
  }

  private admitNext(): void {
    for (const waiting of this.waiting) {
      if (!this.fits(waiting.size)) return;
      this.waiting.delete(waiting);
      this.taken += waiting.size;
      waiting.admit();
    }
  }

  private fits(size: number): boolean {
    return this.taken === 0 || this.taken + size <= this.capacity;
  }
}
