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
import { type LockObserver, silentObserver } from './lock-observer.js';

/** How long a lock service that was found away is left alone, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * Goes on without the lock service while that is away: the lease it gives then tells the
 * transaction to lock the rows itself.
 *
 * That is safe beside instances which still reach the service, since the versions of the rows
 * decide between them. The breaker is there for speed: once the service was found away, nobody
 * else waits for its time-out, and one request a second asks whether it is back.
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
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    // Somebody asks already whether the service is back.
    if (this.breaker.state === CircuitState.HalfOpen) return this.fallBack(keys, options);
    try {
      const lease = await this.breaker.execute(() => this.ask(keys, options));
      return lease ?? (await this.inner.acquire(keys, options));
    } catch (error) {
      const isAway = error instanceof LockUnavailableError || error instanceof BrokenCircuitError;
      if (!isAway) throw error;
      return this.fallBack(keys, options);
    }
  }

  /** Undefined when the service is back, as its refusal shows. */
  private async ask(keys: readonly string[], options?: AcquireOptions): Promise<Lease | undefined> {
    if (this.breaker.state !== CircuitState.HalfOpen) return this.inner.acquire(keys, options);
    try {
      // Not for as long as a lock may take, as all others go on with row locks until it is known.
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
