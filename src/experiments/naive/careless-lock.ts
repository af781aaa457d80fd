import {
  type AcquireOptions,
  type Lease,
  LockPort,
  LockUnavailableError,
} from '../../domain/ports/lock-port.js';

/** Goes on without any lock while the lock service cannot be reached, as if it held one. */
export class CarelessLock extends LockPort {
  constructor(private readonly inner: LockPort) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    try {
      return await this.inner.acquire(keys, options);
    } catch (error) {
      if (!(error instanceof LockUnavailableError)) throw error;
      return leaseOfNothing(keys);
    }
  }
}

function leaseOfNothing(keys: readonly string[]): Lease {
  const release = async () => {};
  const { signal } = new AbortController();
  return { keys, token: 0, signal, assertHeld() {}, release, [Symbol.asyncDispose]: release };
}
