/** Fetches that are allowed without a pause, for a provider that publishes several keys in a row. */
const BURST = 5;

/** On average one fetch is allowed in this time, in milliseconds. */
const EVERY_MS = 1_000;

/** A token bucket: limits how often clients can cause a fetch. */
export class FetchBudget {
  #left = BURST;
  #countedAt = performance.now();

  /** Returns whether one more fetch is allowed now, and counts it. */
  spend(): boolean {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#countedAt) / EVERY_MS);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
