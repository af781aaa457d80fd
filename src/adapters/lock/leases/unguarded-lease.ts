import type { Lease } from '../lock.js';

/**
 * A lease that guards nothing: the holder must guard the keys in another way. It cannot be lost, and a
 * release does nothing. Its token is 0, below that of every other lease.
 */
export class UnguardedLease implements Lease {
  readonly keys: readonly string[];
  readonly unguardedKeys: readonly string[];
  readonly token = 0;
  readonly signal: AbortSignal = new AbortController().signal;

  constructor(keys: readonly string[]) {
    this.keys = [...new Set(keys)].sort();
    this.unguardedKeys = this.keys;
  }

  assertHeld(): void {}

  async release(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
