import { LeaseLostError } from '../lock.js';
import type { GroupLease } from '../waiting/waiter-group.js';
import type { GrantedLease } from './granted-lease.js';

/** Leases on keys of several slots that are held, lost and released as one. */
export class MultiSlotLease implements GroupLease {
  readonly token: number;
  readonly isHandedOver = false;
  #signal: AbortSignal | undefined;
  #released: Promise<void> | undefined;

  constructor(
    readonly keys: readonly string[],
    private readonly parts: readonly GrantedLease[],
  ) {
    this.token = Math.max(...parts.map((part) => part.token));
  }

  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.any(this.parts.map((part) => part.signal));
    return this.#signal;
  }

  assertHeld(): void {
    if (!this.isHeld()) throw new LeaseLostError(this.keys);
  }

  isHeld(): boolean {
    return this.parts.every((part) => part.isHeld());
  }

  /** Does nothing: it would take a request to each server. The group then releases the lease. */
  async extendBlock(): Promise<boolean> {
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
