import { type Moments, WorstMoments } from './worst-moments.js';

/**
 * The first request has the lock and has read when the lock service goes down, and goes on only
 * afterwards; from then on all are held back where it does most harm.
 */
export class OutageMoments implements Moments {
  readonly #worst: WorstMoments;
  readonly #firstRead = Promise.withResolvers<void>();
  readonly #outage = Promise.withResolvers<void>();
  #isFirst = true;

  constructor(requests: number, patienceMs: number) {
    this.#worst = new WorstMoments(requests, patienceMs);
  }

  /** Resolves once the first request has read. */
  get firstRead(): Promise<void> {
    return this.#firstRead.promise;
  }

  /** Lets the first request go on. */
  outageBegan(): void {
    this.#outage.resolve();
  }

  async afterRead(): Promise<void> {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#firstRead.resolve();
      await this.#outage.promise;
    }
    await this.#worst.afterRead();
  }

  beforeCommit(): Promise<void> {
    return this.#worst.beforeCommit();
  }
}
