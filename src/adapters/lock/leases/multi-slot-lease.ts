import { type Lease, LeaseLostError } from '../lock.js';
import type { ReservedLease } from '../reserving-lock.js';

/** Leases on keys of several slots that are held, lost and given back as one. */
export class MultiSlotLease implements ReservedLease {
  readonly token: number;
  readonly isHandedOver = false;
  #signal: AbortSignal | undefined;
  #released: Promise<void> | undefined;

  constructor(
    readonly keys: readonly string[],
    private readonly parts: readonly Lease[],
  ) {
    this.token = Math.max(...parts.map((part) => part.token));
  }

  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.any(this.parts.map((part) => part.signal));
    return this.#signal;
  }

  assertHeld(): void {
    try {
      for (const part of this.parts) part.assertHeld();
    } catch {
      throw new LeaseLostError(this.keys);
    }
  }

  /** One token for several servers would take a request to each: they are given back instead. */
  async prolong(): Promise<boolean> {
    return false;
  }

  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  async #release(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.release()));
  }
}
