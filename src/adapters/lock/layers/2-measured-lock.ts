import type { InstantClock } from '../../timeouts/instant.js';
import {
  type AcquireOptions,
  type Lease,
  Lock,
  LockBusyError,
  LockUnavailableError,
} from '../lock.js';
import type { LockObserver, WaitOutcome } from '../lock-observer.js';

/** Reports to an observer how long each acquire of another lock took, and how long each lease was held. */
export class MeasuredLock extends Lock {
  constructor(
    private readonly inner: Lock,
    private readonly observer: LockObserver,
    private readonly clock: InstantClock,
  ) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const since = this.#nowMs();
    try {
      const lease = await this.inner.acquire(keys, options);
      const grantedMs = this.#nowMs();
      this.observer.waited(grantedMs - since, 'granted');
      return this.#measured(lease, grantedMs);
    } catch (error) {
      this.observer.waited(this.#nowMs() - since, outcomeOf(error));
      throw error;
    }
  }

  #measured(lease: Lease, since: number): Lease {
    let released: Promise<void> | undefined;
    const release = () => {
      if (!released) this.observer.held(this.#nowMs() - since);
      released ??= lease.release();
      return released;
    };
    return {
      keys: lease.keys,
      token: lease.token,
      ...(lease.unguardedKeys && { unguardedKeys: lease.unguardedKeys }),
      get signal() {
        return lease.signal;
      },
      assertHeld: () => lease.assertHeld(),
      release,
      [Symbol.asyncDispose]: release,
    };
  }

  #nowMs(): number {
    return this.clock.now().monotonicMs;
  }
}

function outcomeOf(error: unknown): WaitOutcome {
  if (error instanceof LockBusyError) return error.reason === 'queue_full' ? 'refused' : 'busy';
  return error instanceof LockUnavailableError ? 'unavailable' : 'aborted';
}
