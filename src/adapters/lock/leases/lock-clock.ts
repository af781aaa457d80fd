/** A moment on two clocks: the monotonic clock stops while a machine sleeps, the wall clock may be set. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The clocks of the locks; a test gives its own. */
export interface LockClock {
  now(): Instant;
}

export const systemClock: LockClock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
};

/** The time that a lease lasts: over when either clock says so. */
export class LeaseTerm {
  private constructor(
    private readonly monotonicEndMs: number,
    private readonly wallEndMs: number,
  ) {}

  static lasting(ms: number, from: Instant): LeaseTerm {
    return new LeaseTerm(from.monotonicMs + ms, from.wallMs + ms);
  }

  /** Milliseconds left, 0 or less once it is over. */
  leftMs(now: Instant): number {
    // @plant lease-by-one-clock
    return Math.min(this.monotonicEndMs - now.monotonicMs, this.wallEndMs - now.wallMs);
  }

  isOver(now: Instant): boolean {
    return this.leftMs(now) <= 0;
  }

  /** The earlier end of both, on each clock. */
  earlier(other: LeaseTerm): LeaseTerm {
    return new LeaseTerm(
      Math.min(this.monotonicEndMs, other.monotonicEndMs),
      Math.min(this.wallEndMs, other.wallEndMs),
    );
  }
}
