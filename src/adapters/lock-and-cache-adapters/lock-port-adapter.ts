import {
  type AcquireOptions,
  type Lease,
  LeaseLostError,
  LockBusyError,
  LockPort,
  LockUnavailableError,
} from '../../domain/ports/lock-port.js';
import {
  LeaseLostError as LibraryLeaseLostError,
  LockBusyError as LibraryLockBusyError,
  LockUnavailableError as LibraryLockUnavailableError,
  type Lock,
  type Lease as LockLease,
} from '../lock/lock.js';

/** A lock of the lock library as the shop's LockPort: it maps the errors of the library to the domain's. */
export class LockPortAdapter extends LockPort {
  readonly #lock: Lock;

  constructor(lock: Lock) {
    super();
    this.#lock = lock;
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    try {
      return new ShopLease(await this.#lock.acquire(keys, options));
    } catch (error) {
      throw toDomainError(error);
    }
  }
}

class ShopLease implements Lease {
  readonly keys: readonly string[];
  readonly token: number;
  readonly unguardedKeys?: readonly string[];
  readonly #lease: LockLease;
  #signal: AbortSignal | undefined;

  constructor(lease: LockLease) {
    this.#lease = lease;
    this.keys = lease.keys;
    this.token = lease.token;
    if (lease.unguardedKeys) this.unguardedKeys = lease.unguardedKeys;
  }

  /** Created at the first read: most leases end before anybody reads it. */
  get signal(): AbortSignal {
    this.#signal ??= withDomainReason(this.#lease.signal);
    return this.#signal;
  }

  assertHeld(): void {
    try {
      this.#lease.assertHeld();
    } catch (error) {
      throw toDomainError(error);
    }
  }

  release(): Promise<void> {
    return this.#lease.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lease.release();
  }
}

function withDomainReason(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(toDomainError(signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}

/** An error that is not from the library is returned unchanged. */
function toDomainError(error: unknown): unknown {
  if (error instanceof LibraryLockBusyError) return new LockBusyError(error.keys, error.reason);
  if (error instanceof LibraryLeaseLostError) return new LeaseLostError(error.keys);
  if (error instanceof LibraryLockUnavailableError) {
    return new LockUnavailableError(error.service, error.cause);
  }
  return error;
}
