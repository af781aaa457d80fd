import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
} from 'cockatiel';
import { UnguardedLease } from '../leases/unguarded-lease.js';
import {
  type AcquireOptions,
  type Lease,
  Lock,
  LockBusyError,
  LockUnavailableError,
} from '../lock.js';
import { type LockObserver, silentObserver } from '../lock-observer.js';

/** How long the lock service is not asked after it was found down, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Grants unguarded leases while the lock service cannot be reached: the holder must guard its keys in
 * another way then, such as row locks.
 *
 * Other processes may still reach the service, so the store must be able to refuse the later of two
 * writes, such as by a version of the row. The breaker saves time: after the service was found down, no
 * acquire waits for its timeout, and one acquire a second asks whether it is up.
 */
export class FallingBackLock extends Lock {
  private readonly breaker: CircuitBreakerPolicy = circuitBreaker(
    handleType(LockUnavailableError),
    { halfOpenAfter: RETRY_AFTER_MS, breaker: new ConsecutiveBreaker(1) },
  );

  constructor(
    private readonly inner: Lock,
    private readonly observer: LockObserver = silentObserver,
  ) {
    super();
    this.breaker.onStateChange((state) => observer.circuitOpen(state !== CircuitState.Closed));
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    // Another acquire asks whether the service is up.
    if (this.breaker.state === CircuitState.HalfOpen) return this.fallBack(keys, options);
    try {
      const lease = await this.breaker.execute(() =>
        this.breaker.state === CircuitState.HalfOpen
          ? this.probe(keys, options)
          : this.inner.acquire(keys, options),
      );
      return lease ?? (await this.inner.acquire(keys, options));
    } catch (error) {
      const isDown = error instanceof LockUnavailableError || error instanceof BrokenCircuitError;
      if (!isDown) throw error;
      return this.fallBack(keys, options);
    }
  }

  /** Asks whether the service is up. Undefined when it refuses, which shows that it is. */
  private async probe(
    keys: readonly string[],
    options?: AcquireOptions,
  ): Promise<Lease | undefined> {
    try {
      // It does not wait for the keys: all other acquires fall back until the result is known.
      return await this.inner.acquire(keys, { ...options, waitMs: 0 });
    } catch (error) {
      if (error instanceof LockBusyError) return undefined;
      throw error;
    }
  }

  private fallBack(keys: readonly string[], options?: AcquireOptions): Lease {
    options?.signal?.throwIfAborted();
    this.observer.fellBack();
    return new UnguardedLease(keys);
  }
}
