import { Milestone } from './milestone.js';

/** Where a request may be held back. */
export interface Moments {
  afterRead(): Promise<void>;
  beforeCommit(): Promise<void>;
}

/**
 * Holds each request back where it does most harm, so that a wrong order fails every time and
 * not once in a thousand: after its read, until all have read, and before its commit, until the
 * next has read.
 *
 * In the right order nobody can follow, so it goes on when patience is over. All orders run under
 * the same moments: what tells them apart is the order alone.
 */
export class WorstMoments implements Moments {
  readonly #read = new Milestone();

  constructor(
    private readonly requests: number,
    private readonly patienceMs: number,
  ) {}

  async afterRead(): Promise<void> {
    this.#read.pass();
    await this.#read.reachedBy(this.requests, this.patienceMs);
  }

  async beforeCommit(): Promise<void> {
    const next = Math.min(this.#read.passed + 1, this.requests);
    await this.#read.reachedBy(next, this.patienceMs);
  }
}

/** Nobody is held back. */
export const noMoments = new WorstMoments(0, 0);
