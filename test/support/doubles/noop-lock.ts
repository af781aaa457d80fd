import { type Lease, LockPort } from '../../../src/domain/ports/lock-port.js';

/** Grants every acquire at once, so only the database guards the data. */
export class NoopLock extends LockPort {
  constructor(private readonly behaviour: Partial<Lease> = {}) {
    super();
  }

  override async acquire(keys: readonly string[]): Promise<Lease> {
    return {
      keys,
      token: 1,
      signal: new AbortController().signal,
      assertHeld: () => {},
      release: async () => {},
      [Symbol.asyncDispose]: async () => {},
      ...this.behaviour,
    };
  }
}

export const lockThatIsAlwaysFree = new NoopLock();
