import { type AcquireOptions, type Lease, Lock, LockBusyError } from '../lock.js';
import { defaultLockSettings, type LockSettings } from '../lock-settings.js';
import type { ReservingLock } from '../reserving-lock.js';
import { type LockRequest, lockRequest } from '../waiting/lock-request.js';
import { rejectOnThrow } from '../waiting/reject-on-throw.js';
import { Waiter } from '../waiting/waiter.js';
import { WaiterLimit } from '../waiting/waiter-limit.js';
import { Cohort, type CohortBounds } from './cohort.js';

/**
 * Passes a lease of another lock on among the waiters of this process, in memory.
 *
 * A lease serves a bounded number of turns, for a bounded time, each turn with a fencing token
 * of its own from the block the lease reserved; then this process goes to the end of the queue.
 * After lock cohorting (Dice, Marathe, Shavit: Lock Cohorting, PPoPP 2012).
 */
export class CohortLock extends Lock {
  readonly #settings: LockSettings & CohortBounds;
  readonly #cohorts = new Map<string, Cohort>();
  readonly #crowd: WaiterLimit;

  constructor(
    private readonly inner: ReservingLock,
    settings: Partial<LockSettings & CohortBounds> = {},
  ) {
    super();
    this.#settings = { ...defaultLockSettings, turns: 32, turnsMs: 20, ...settings };
    this.#crowd = new WaiterLimit(this.#settings.maxWaiters);
  }

  override acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    return rejectOnThrow(() => {
      const request = lockRequest(keys, options, this.#settings);
      const id = `${request.leaseMs}\n${request.keys.join('\n')}`;
      if (request.waitMs <= 0) return this.#tryOnce(id, request);
      this.#crowd.admit(request.keys);
      return this.#wait(id, request);
    });
  }

  #tryOnce(id: string, { keys, leaseMs }: LockRequest): Promise<Lease> {
    // A cohort holds these very keys, or waits for them.
    if (this.#cohorts.has(id)) throw new LockBusyError(keys);
    return this.inner.acquire(keys, { waitMs: 0, leaseMs });
  }

  #wait(id: string, request: LockRequest): Promise<Lease> {
    let cohort = this.#cohorts.get(id);
    if (!cohort) {
      const emptied = () => this.#cohorts.delete(id);
      cohort = new Cohort(this.inner, request, this.#settings, this.#crowd, emptied);
      this.#cohorts.set(id, cohort);
    }
    const joined = cohort;
    const waiter = new Waiter<Lease>(request, (left) => joined.remove(left));
    joined.add(waiter);
    return waiter.promise;
  }
}
