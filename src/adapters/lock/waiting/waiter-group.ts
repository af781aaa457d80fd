import type { Instant } from '../../timeouts/instant.js';
import { type Lease, LeaseLostError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import { type CohortBounds, LeaseTurns } from './lease-turns.js';
import type { LockRequest } from './lock-request.js';
import { Waiter, type WaiterOwner } from './waiter.js';
import { type WaiterLimit, WaiterQueue } from './waiter-queue.js';

/** A lease that the waiters of a group can have in turns. */
export interface GroupLease extends Lease {
  /** Whether another process released it to this one: that process is likely to wait again. */
  readonly isHandedOver: boolean;
  isHeld(): boolean;
  /**
   * Renews the lease and reserves the fencing tokens up to `lastToken`.
   *
   * Never rejects. False when another process waits for a key, or when the result is unknown: then only
   * the tokens reserved before may be used.
   */
  extendBlock(lastToken: number): Promise<boolean>;
}

/**
 * The waiters of this process for one set of keys, in arrival order, and the lease that serves them.
 *
 * This is the only queue of waiters in the process. A lease is passed on from one waiter to the next in
 * memory: a bounded number of turns, for a bounded time, each with a fencing token of its own, from the
 * block that the lease reserved. After lock cohorting (Dice, Marathe, Shavit: Lock Cohorting, PPoPP 2012).
 *
 * How a lease is requested differs: see RedisWaiterGroup and MultiSlotWaiterGroup.
 */
export abstract class WaiterGroup<L extends GroupLease> implements WaiterOwner<Lease> {
  /** The lease that a waiter of this group has now. */
  protected lease: L | undefined;
  readonly #waiters: WaiterQueue<Lease>;
  /** Undefined when the lease serves one waiter only. */
  #turns: LeaseTurns | undefined;

  constructor(
    protected readonly settings: LockSettings & CohortBounds,
    limit: WaiterLimit,
  ) {
    this.#waiters = new WaiterQueue(limit);
  }

  /** Nobody waits, and nothing is held or requested. */
  get isIdle(): boolean {
    return !this.hasWaiters && !this.lease && !this.isAsking;
  }

  /** Rejects when the request's time is over, its signal aborts, or the group fails. */
  wait(request: LockRequest): Promise<Lease> {
    const waiter = new Waiter<Lease>(request, this);
    this.#waiters.add(waiter);
    if (!this.lease && !this.isAsking) this.ask();
    else this.onContended();
    return waiter.promise;
  }

  onLeft(waiter: Waiter<Lease>): void {
    // @plant waiter-leaked-in-group
    this.#waiters.delete(waiter);
    if (!this.hasWaiters) this.onAbandoned();
    // @end waiter-leaked-in-group
  }

  /** Ends a turn of the lease: the next waiter gets one, or the lease ends. */
  endTurn(lease: L): Promise<void> {
    if (this.#mayPassOn(lease)) {
      this.settings.observer.handedOff('memory');
      this.#serve(this.#waiters.shift(), lease);
      return Promise.resolve();
    }
    // A lease that was lost has left the group already.
    return this.lease === lease ? this.endLease(lease) : lease.release();
  }

  /** Whether a request for a lease is under way. */
  protected abstract get isAsking(): boolean;

  /** Requests a lease; `begin` and `rejectAll` take the result. */
  protected abstract ask(): void;

  /** The last waiter left before it was granted anything. */
  protected abstract onAbandoned(): void;

  /** Releases the lease of the group, and asks for the next one when somebody waits. */
  protected abstract endLease(lease: L): Promise<void>;

  /** Whether that lease also serves the next waiters. */
  protected get isPassingOn(): boolean {
    return this.lease !== undefined && this.#turns !== undefined;
  }

  protected get hasWaiters(): boolean {
    return this.#waiters.size > 0;
  }

  /** The keys as the first waiter has them. The group does not: they may be long, and an idle group stays. */
  protected get firstKeys(): readonly string[] {
    return this.#waiters.first?.request.keys ?? [];
  }

  /** Gives a lease to the first waiter, and to the next ones in turn. Somebody must wait. */
  protected begin(lease: L, now: Instant): void {
    const { settings } = this;
    const waiter = this.#waiters.shift();
    this.lease = lease;
    this.#turns =
      settings.turns > 1 && sharesLease(waiter)
        ? new LeaseTurns(settings, settings.clock, now, lease.token, lease.isHandedOver)
        : undefined;
    this.#serve(waiter, lease);
  }

  /** A waiter joined while a lease is held or requested. */
  protected onContended(): void {
    this.settings.observer.contended();
  }

  /** Removes all waiters and rejects them. */
  protected rejectAll(reason: unknown): void {
    const waiters = this.#waiters.clear();
    for (const waiter of waiters) waiter.fail(reason);
  }

  #serve(waiter: Waiter<Lease> | undefined, lease: L): void {
    const turns = this.#turns;
    waiter?.grant(turns ? new Turn(lease, turns.begin(), this) : lease);
    if (!this.hasWaiters || !turns?.needsMore()) return;
    void turns.extend((lastToken) => lease.extendBlock(lastToken));
  }

  #mayPassOn(lease: L): boolean {
    if (this.lease !== lease || !this.hasWaiters || !sharesLease(this.#waiters.first)) return false;
    // The last: it makes the group lose a lease that is over by now.
    return this.#turns?.mayGoOn() === true && lease.isHeld();
  }
}

/** Whether a waiter takes one turn of a lease, not a whole lease. */
function sharesLease(waiter: Waiter<Lease> | undefined): boolean {
  return waiter?.request.tokens === undefined;
}

/** The lease of one waiter: one turn of the lease that its group passes on. */
class Turn<L extends GroupLease> implements Lease {
  readonly keys: readonly string[];
  #over: Promise<void> | undefined;

  constructor(
    private readonly lease: L,
    readonly token: number,
    private readonly group: WaiterGroup<L>,
  ) {
    this.keys = lease.keys;
  }

  get signal(): AbortSignal {
    return this.lease.signal;
  }

  assertHeld(): void {
    // The lease may serve the next waiter already.
    if (this.#over !== undefined) throw new LeaseLostError(this.keys);
    this.lease.assertHeld();
  }

  release(): Promise<void> {
    this.#over ??= this.group.endTurn(this.lease);
    return this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
