import { LRUCache } from 'lru-cache';
import type { Caller } from './caller.js';

/** Most tokens that are remembered, and most characters of them together. */
const MAX_TOKENS = 10_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;

interface Verified {
  readonly caller: Caller;
  /** Wall-clock times in milliseconds. */
  readonly verifiedAtMs: number;
  readonly expiresAtMs: number;
  /** Version of the keys that verified it. */
  readonly keys: number;
}

/**
 * Remembers verified tokens, because to verify a signature costs more than the rest of a request's
 * admission. A token is found only while a new verification would succeed: until it expires, and
 * while the keys are the same.
 */
export class VerifiedTokens {
  readonly #tokens = new LRUCache<string, Verified>({
    max: MAX_TOKENS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_verified, token) => token.length,
  });

  /** `keys`: version of the current keys; undefined: they have to be fetched, so nothing is found. */
  find(token: string, keys: number | undefined): Caller | undefined {
    const found = this.#tokens.get(token);
    if (found === undefined) return undefined;
    const now = Date.now();
    // When the clock was set back, `nbf` may be in the future again.
    const isCurrent = found.keys === keys && found.verifiedAtMs <= now && now < found.expiresAtMs;
    if (isCurrent) return found.caller;
    this.#tokens.delete(token);
    return undefined;
  }

  remember(token: string, caller: Caller, expiresAtMs: number, keys: number): void {
    this.#tokens.set(token, { caller, verifiedAtMs: Date.now(), expiresAtMs, keys });
  }
}
