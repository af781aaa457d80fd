/** A moment on two clocks: the monotonic one stops while a machine sleeps, the wall one may be set. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** Where the locks read the time, injected so that tests can move it. */
export interface LockClock {
  now(): Instant;
}

export const systemClock: LockClock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
};

/** The time a lease lasts: over as soon as either clock says so. */
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

  /** The one of the two that ends first. */
  earlier(other: LeaseTerm): LeaseTerm {
    return new LeaseTerm(
      Math.min(this.monotonicEndMs, other.monotonicEndMs),
      Math.min(this.wallEndMs, other.wallEndMs),
    );
  }
}
