/** The points at which a run may pause a request. */
export interface PausePoints {
  afterRead(): Promise<void>;
  beforeCommit(): Promise<void>;
}

/** A point in the steps of a request; a request can wait here until others have passed it. */
export class Barrier {
  #passed = 0;
  readonly #waiting = new Set<{ readonly count: number; readonly resume: () => void }>();

  /** How many requests have passed. */
  get passed(): number {
    return this.#passed;
  }

  pass(): void {
    this.#passed += 1;
    for (const { count, resume } of this.#waiting) if (this.#passed >= count) resume();
  }

  /** Resolves once `count` have passed, or after `pauseLimitMs`. */
  async reachedBy(count: number, pauseLimitMs: number): Promise<void> {
    if (this.#passed >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { count, resume: resolve };
    this.#waiting.add(waiter);
    const timer = setTimeout(resolve, pauseLimitMs);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
  }
}

/**
 * Pauses each request where it does most harm, so that a wrong order of steps fails every time and
 * not once in a thousand. It pauses after its read, until all requests have read, and before its
 * commit, until the next request has read.
 *
 * In the right order no other request can get that far, so the pause ends after `pauseLimitMs`. All
 * orders of steps run with the same pauses, so that they differ only in the order.
 */
export class WorstCasePauses implements PausePoints {
  readonly #read = new Barrier();

  constructor(
    private readonly requests: number,
    private readonly pauseLimitMs: number,
  ) {}

  async afterRead(): Promise<void> {
    this.#read.pass();
    await this.#read.reachedBy(this.requests, this.pauseLimitMs);
  }

  async beforeCommit(): Promise<void> {
    const next = Math.min(this.#read.passed + 1, this.requests);
    await this.#read.reachedBy(next, this.pauseLimitMs);
  }
}

/** No request is paused. */
export const noPauses = new WorstCasePauses(0, 0);
