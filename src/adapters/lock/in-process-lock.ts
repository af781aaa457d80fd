import { HeldLease } from './leases/held-lease.js';
import { LeaseTerm } from './leases/lease-term.js';
import { type AcquireOptions, type Lease, Lock, LockBusyError } from './lock.js';
import { defaultLockSettings, type LockSettings } from './lock-settings.js';
import { type LockRequest, lockRequest } from './waiting/lock-request.js';
import { Waiter, type WaiterOwner } from './waiting/waiter.js';

/**
 * Locks for one process, in memory.
 *
 * A waiter is in the queue of each of its keys. It is granted when it is first in all of these
 * queues and all keys are free. Every queue has the same order, so there is no deadlock, and nobody
 * overtakes. A holder whose event loop was blocked past its lease has lost it, as with a lock
 * service: the next waiter gets the keys and `assertHeld` throws.
 */
export class InProcessLock extends Lock {
  readonly #settings: LockSettings;
  readonly #held = new Map<string, HeldLease>();
  readonly #queues = new Map<string, Set<Waiter<Lease>>>();
  readonly #owner: WaiterOwner<Lease> = {
    onLeft: (waiter) => {
      // @plant waiter-leaked-in-memory
      this.#dequeue(waiter);
      this.#grantNext(waiter.request.keys);
    },
  };
  #waiting = 0;
  #lastToken = 0;

  constructor(settings: Partial<LockSettings> = {}) {
    super();
    this.#settings = { ...defaultLockSettings, ...settings };
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const request = lockRequest(keys, options, this.#settings);
    if (this.#isFree(request.keys)) return this.#take(request);
    this.#settings.observer.contended();
    const lease = await this.#wait(request);
    this.#settings.observer.handedOff('memory');
    return lease;
  }

  #isFree(keys: readonly string[]): boolean {
    return keys.every((key) => {
      const lease = this.#held.get(key);
      // Frees the key when the lease is over and its timer has not run yet.
      lease?.isHeld();
      return !this.#held.has(key) && !this.#queues.has(key);
    });
  }

  #wait(request: LockRequest): Promise<Lease> {
    if (request.waitMs <= 0) throw new LockBusyError(request.keys);
    if (this.#waiting >= this.#settings.maxWaiters) {
      throw new LockBusyError(request.keys, 'queue_full');
    }
    const waiter = new Waiter<Lease>(request, this.#owner);
    this.#waiting += 1;
    for (const key of request.keys) {
      const queue = this.#queues.get(key);
      if (queue) queue.add(waiter);
      else this.#queues.set(key, new Set([waiter]));
    }
    return waiter.promise;
  }

  /** Grants free keys to the first waiter of their queues. */
  #grantNext(keys: readonly string[]): void {
    for (const key of keys) {
      const waiter = this.#head(key);
      if (!waiter || !this.#isGrantable(waiter)) continue;
      this.#dequeue(waiter);
      waiter.grant(this.#take(waiter.request));
    }
  }

  #isGrantable(waiter: Waiter<Lease>): boolean {
    return waiter.request.keys.every((key) => !this.#held.has(key) && this.#head(key) === waiter);
  }

  #head(key: string): Waiter<Lease> | undefined {
    return this.#queues.get(key)?.values().next().value;
  }

  #dequeue(waiter: Waiter<Lease>): void {
    this.#waiting -= 1;
    for (const key of waiter.request.keys) {
      const queue = this.#queues.get(key);
      queue?.delete(waiter);
      if (queue?.size === 0) this.#queues.delete(key);
    }
  }

  #take({ keys, leaseMs }: LockRequest): Lease {
    // Microseconds of the wall clock, so that tokens also rise across a restart.
    const wallUs = Math.floor(this.#settings.clock.now().wallMs * 1000);
    this.#lastToken = Math.max(this.#lastToken + 1, wallUs);
    const lease = new InProcessLease(keys, this.#lastToken, leaseMs, this.#settings, this.#free);
    for (const key of keys) this.#held.set(key, lease);
    return lease;
  }

  #free = (lease: HeldLease): void => {
    for (const key of lease.keys) if (this.#held.get(key) === lease) this.#held.delete(key);
    this.#grantNext(lease.keys);
  };
}

class InProcessLease extends HeldLease {
  constructor(
    keys: readonly string[],
    token: number,
    leaseMs: number,
    settings: LockSettings,
    private readonly onOver: (lease: HeldLease) => void,
  ) {
    const term = LeaseTerm.lasting(leaseMs, settings.clock.now());
    super(keys, token, term, leaseMs, settings);
  }

  protected override async renew(): Promise<LeaseTerm> {
    return LeaseTerm.lasting(this.leaseMs, this.settings.clock.now());
  }

  protected override async free(): Promise<void> {
    this.onOver(this);
  }

  protected override onLost(): void {
    this.onOver(this);
  }
}
