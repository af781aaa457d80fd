import { type AcquireOptions, type Lease, Lock, LockBusyError } from '../lock.js';
import { defaultLockSettings, type LockSettings } from '../lock-settings.js';
import type { ReservingLock } from '../reserving-lock.js';
import { Cohort, type CohortBounds } from '../waiting/cohort.js';
import { type LockRequest, lockRequest } from '../waiting/lock-request.js';
import { rejectOnThrow } from '../waiting/reject-on-throw.js';
import { WaiterLimit } from '../waiting/waiter-queue.js';

/**
 * Passes a lease of another lock on among the waiters of this process, in memory.
 *
 * A lease serves a bounded number of turns for a bounded time. Each turn has a fencing token of its
 * own, from the block that the lease reserved. Then this process goes to the end of the queue.
 * After lock cohorting (Dice, Marathe, Shavit: Lock Cohorting, PPoPP 2012).
 */
export class CohortLock extends Lock {
  readonly #settings: LockSettings & CohortBounds;
  readonly #cohorts = new Map<string, Cohort>();
  readonly #limit: WaiterLimit;

  constructor(
    private readonly inner: ReservingLock,
    settings: Partial<LockSettings & CohortBounds> = {},
  ) {
    super();
    this.#settings = { ...defaultLockSettings, turns: 32, turnsMs: 20, ...settings };
    this.#limit = new WaiterLimit(this.#settings.maxWaiters);
  }

  override acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    return rejectOnThrow(() => {
      const request = lockRequest(keys, options, this.#settings);
      const id = `${request.leaseMs}\n${request.keys.join('\n')}`;
      if (request.waitMs <= 0) return this.#tryOnce(id, request);
      this.#limit.admit(request.keys);
      return this.#wait(id, request);
    });
  }

  #tryOnce(id: string, { keys, leaseMs }: LockRequest): Promise<Lease> {
    // A cohort holds these keys, or waits for them.
    if (this.#cohorts.has(id)) throw new LockBusyError(keys);
    return this.inner.acquire(keys, { waitMs: 0, leaseMs });
  }

  #wait(id: string, request: LockRequest): Promise<Lease> {
    let cohort = this.#cohorts.get(id);
    if (!cohort) {
      cohort = new Cohort(this.inner, request, this.#settings, this.#limit, () => {
        this.#cohorts.delete(id);
      });
      this.#cohorts.set(id, cohort);
    }
    return cohort.wait(request);
  }
}
