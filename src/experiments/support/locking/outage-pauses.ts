import { type PausePoints, WorstCasePauses } from './worst-case-pauses.js';

/**
 * The first request takes the lock, reads, and pauses until the lock service is down. Then it
 * continues, and every request pauses where it does most harm.
 */
export class OutagePauses implements PausePoints {
  readonly #worst: WorstCasePauses;
  readonly #firstRead = Promise.withResolvers<void>();
  readonly #outage = Promise.withResolvers<void>();
  #isFirst = true;

  constructor(requests: number, pauseLimitMs: number) {
    this.#worst = new WorstCasePauses(requests, pauseLimitMs);
  }

  /** Resolves once the first request has read. */
  get firstRead(): Promise<void> {
    return this.#firstRead.promise;
  }

  /** Ends the pause of the first request. */
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
