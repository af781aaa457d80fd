import { hasPassed, type Moment } from '../cache-clock.js';

/** How long nobody asks again whether the write is over, whose end a message tells. */
const ASK_AGAIN_MS = 50;
/** Messages may be lost, and then nobody else forgets. */
const MOST = 1_000;

/**
 * Keys that a write is said to hold off: until the next invalidation, which its end brings,
 * readers need not ask for them, for there is nothing to be had but the truth.
 */
export class KeysUnderWrite {
  readonly #since = new Map<string, Moment>();

  has(key: string, now: Moment): boolean {
    if (this.#since.size === 0) return false;
    const since = this.#since.get(key);
    return since !== undefined && !hasPassed(ASK_AGAIN_MS, since, now);
  }

  add(key: string, now: Moment): void {
    if (this.#since.size >= MOST) this.#since.clear();
    this.#since.set(key, now);
  }

  delete(key: string): void {
    this.#since.delete(key);
  }
}
