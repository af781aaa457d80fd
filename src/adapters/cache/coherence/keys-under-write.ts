import { hasPassed, type Instant } from '../../timeouts/instant.js';

/** Milliseconds in which a message announces the end of a write; later a reader asks Redis again. */
const ASK_AGAIN_MS = 50;
/** Bounds the map: where a message is lost, its key would stay. */
const MAX_KEYS = 1_000;

/**
 * Keys with a write under way in some instance. Until the write's end invalidates the key again,
 * readers load without asking Redis: it keeps nothing for them.
 */
export class KeysUnderWrite {
  readonly #since = new Map<string, Instant>();

  has(key: string, now: Instant): boolean {
    if (this.#since.size === 0) return false;
    const since = this.#since.get(key);
    return since !== undefined && !hasPassed(ASK_AGAIN_MS, since, now);
  }

  add(key: string, now: Instant): void {
    if (this.#since.size >= MAX_KEYS) this.#since.clear();
    this.#since.set(key, now);
  }

  delete(key: string): void {
    this.#since.delete(key);
  }
}
