import { hasPassed, type Instant } from '../../timeouts/instant.js';

/** Bounds the map: a key that nobody deletes would stay. */
const MAX_KEYS = 1_000;

/** Keys to which something happened a short time ago. */
export class RecentKeys {
  readonly #since = new Map<string, Instant>();

  /** Contains a key for `lifeMs` milliseconds, unless it is deleted before. */
  constructor(private readonly lifeMs: number) {}

  has(key: string, now: Instant): boolean {
    if (this.#since.size === 0) return false;
    const since = this.#since.get(key);
    return since !== undefined && !hasPassed(this.lifeMs, since, now);
  }

  add(key: string, now: Instant): void {
    if (this.#since.size >= MAX_KEYS) this.#since.clear();
    this.#since.set(key, now);
  }

  delete(key: string): void {
    this.#since.delete(key);
  }
}
