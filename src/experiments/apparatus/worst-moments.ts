import { Milestone } from './milestone.js';

/**
 * Holds each request back where it does most harm, so that a wrong order fails every time and
 * not once in a thousand: after its snapshot, after its read and before its commit, until the
 * others have come as far too.
 *
 * In the right order nobody can follow, so it goes on when patience is over. All orders run under
 * the same moments: what tells them apart is the order alone.
 */
export class WorstMoments {
  readonly #begun = new Milestone();
  readonly #read = new Milestone();

  constructor(
    private readonly requests: number,
    private readonly patienceMs: number,
  ) {}

  /** Until everybody has a snapshot. Answers this transaction's number, from 1. */
  async afterBegin(): Promise<number> {
    const number = this.#begun.pass();
    await this.#begun.reachedBy(this.requests, this.patienceMs);
    return number;
  }

  /** Until everybody has read. */
  async afterRead(): Promise<void> {
    this.#read.pass();
    await this.#read.reachedBy(this.requests, this.patienceMs);
  }

  /** Until the next one has begun, which then cannot see what is about to be committed. */
  async beforeCommit(number: number): Promise<void> {
    await this.#begun.reachedBy(Math.min(number + 1, this.requests), this.patienceMs);
  }
}

/** Nobody is held back. */
export const noMoments = new WorstMoments(0, 0);
