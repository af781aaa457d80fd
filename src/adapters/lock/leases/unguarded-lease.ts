import type { Lease } from '../lock.js';

/**
 * Stands for the row locks that a transaction takes by itself: they are held until it ends, so
 * there is nothing to lose and nothing to release. Its token is 0, below that of every lease.
 */
export class UnguardedLease implements Lease {
  readonly keys: readonly string[];
  readonly unguardedKeys: readonly string[];
  readonly token = 0;
  readonly signal = new AbortController().signal;

  constructor(keys: readonly string[]) {
    this.keys = [...new Set(keys)].sort();
    this.unguardedKeys = this.keys;
  }

  assertHeld(): void {}

  async release(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
