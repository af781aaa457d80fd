interface Waiting {
  readonly size: number;
  readonly admit: () => void;
}

/**
 * Lets work in while there is room for it, and the rest in the order it came. What is larger than
 * the room has it alone; what has no size is never kept waiting.
 */
export class Room {
  private taken = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly capacity: number) {}

  /** Nothing is inside, and nothing waits. */
  get isEmpty(): boolean {
    return this.taken === 0 && this.waiting.size === 0;
  }

  /** @throws the reason of `signal`, when it aborts before there is room */
  async within<T>(size: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (size === 0) return work();
    await this.enter(size, signal);
    try {
      return await work();
    } finally {
      this.taken -= size;
      this.admitNext();
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
    const leave = () => {
      if (this.waiting.delete(waiting)) reject(signal?.reason);
      this.admitNext();
    };
    this.waiting.add(waiting);
    signal?.addEventListener('abort', leave);
    await promise.finally(() => signal?.removeEventListener('abort', leave));
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
