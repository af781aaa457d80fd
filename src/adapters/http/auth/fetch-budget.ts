/** Fetches that may follow each other at once, as when a provider publishes several keys in a row. */
const BURST = 5;

/** In the long run one fetch in this time, in milliseconds. */
const EVERY_MS = 1_000;

/** How often something may be fetched that anyone can ask for: a token bucket. */
export class FetchBudget {
  #left = BURST;
  #countedAt = performance.now();

  /** Answers whether one more is allowed now, and counts it. */
  spend(): boolean {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#countedAt) / EVERY_MS);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
