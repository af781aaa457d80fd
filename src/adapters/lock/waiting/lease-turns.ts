import type { Instant, InstantClock } from '../../timeouts/instant.js';

/** How long a process may pass one lease on before it goes to the end of the queue. */
export interface CohortBounds {
  /** Waiters that one lease serves at most; 1: no lease is passed on. */
  readonly turns: number;
  /** Milliseconds that one lease serves at most; a turn that has begun is not cut short. */
  readonly turnsMs: number;
}

/** The turns of one lease: their number and time, and the fencing token of the next one. */
export class LeaseTurns {
  /** Turns since the bounds began to count. */
  #count = 0;
  /** When the bounds began to count. */
  #sinceMs: number;
  #turnSinceMs: number;

  constructor(
    private readonly bounds: CohortBounds,
    private readonly clock: InstantClock,
    since: Instant,
    /** The token of the next turn. */
    private token: number,
    /** Whether it is known that another process may wait: Redis was asked, or need not be asked. */
    private isAsked: boolean,
  ) {
    this.#sinceMs = since.monotonicMs;
    this.#turnSinceMs = this.#sinceMs;
  }

  /** Begins a turn and returns its token. */
  begin(): number {
    this.#count += 1;
    this.token += 1;
    return this.token - 1;
  }

  mayGoOn(): boolean {
    return this.#count < this.bounds.turns && this.#nowMs() - this.#sinceMs < this.bounds.turnsMs;
  }

  /**
   * Whether tokens for more turns should be requested now: this turn is the last one, if it takes as long
   * as the one before.
   */
  needsMore(): boolean {
    const nowMs = this.#nowMs();
    const turnMs = nowMs - this.#turnSinceMs;
    this.#turnSinceMs = nowMs;
    const { turns, turnsMs } = this.bounds;
    const isLast = this.#count >= turns || nowMs + turnMs - this.#sinceMs >= turnsMs;
    return isLast && !this.isAsked;
  }

  /**
   * Goes on for another number of turns when no other process waits. The bounds then count from the
   * request: a process that queues after it waits no longer than they say.
   */
  async extend(extendBlock: (lastToken: number) => Promise<boolean>): Promise<void> {
    this.isAsked = true;
    const sinceMs = this.#nowMs();
    const count = this.#count;
    if (!(await extendBlock(this.token - 1 + this.bounds.turns))) return;
    this.isAsked = false;
    this.#count -= count;
    this.#sinceMs = sinceMs;
  }

  #nowMs(): number {
    return this.clock.now().monotonicMs;
  }
}
