import { type Lease, LeaseLostError } from '../lock.js';

/** One waiter's turn of a lease that its process passes on. */
export class CohortTurn implements Lease {
  #over: Promise<void> | undefined;

  constructor(
    private readonly lease: Lease,
    readonly token: number,
    private readonly turnOver: () => Promise<void>,
  ) {}

  get keys(): readonly string[] {
    return this.lease.keys;
  }

  get signal(): AbortSignal {
    return this.lease.signal;
  }

  assertHeld(): void {
    // The lease may live on in the hands of the next.
    if (this.#over !== undefined) throw new LeaseLostError(this.keys);
    this.lease.assertHeld();
  }

  release(): Promise<void> {
    this.#over ??= this.turnOver();
    return this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
