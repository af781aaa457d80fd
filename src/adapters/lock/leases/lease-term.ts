import type { Instant } from '../../timeouts/instant.js';

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
