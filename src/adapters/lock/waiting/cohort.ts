import { type Lease, LeaseLostError, LockBusyError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { ReservedLease, ReservingLock } from '../reserving-lock.js';
import { Cancellation } from './cancellation.js';
import type { LockRequest } from './lock-request.js';
import { WaiterGroup } from './waiter-group.js';
import type { WaiterLimit } from './waiter-queue.js';

/** How long a process may pass one lease on before it goes to the end of the queue. */
export interface CohortBounds {
  /** Waiters that one lease serves at most. */
  readonly turns: number;
  /** Milliseconds that one lease serves at most; a turn that has begun is not cut short. */
  readonly turnsMs: number;
}

/** The waiters of this process for one set of keys, and the lease that serves them one after another. */
export class Cohort extends WaiterGroup<Lease> {
  /** Cancels the request for a lease; undefined when none is under way. */
  #asking: Cancellation | undefined;
  #lease: ReservedLease | undefined;
  /** The token of the next turn. */
  #token = 0;
  /** Turns since the bounds began to count. */
  #turns = 0;
  /** When the bounds began to count. */
  #sinceMs = 0;
  #turnSinceMs = 0;
  /** Whether the lock service was asked in this lease if another process waits. */
  #hasAsked = false;

  constructor(
    private readonly lock: ReservingLock,
    private readonly request: LockRequest,
    private readonly settings: LockSettings & CohortBounds,
    limit: WaiterLimit,
    onIdle: () => void,
  ) {
    super(limit, onIdle);
  }

  protected override get isBusy(): boolean {
    return this.#asking !== undefined || this.#lease !== undefined;
  }

  protected override onJoined(): void {
    if (this.isBusy) this.settings.observer.contended();
    else this.#ask();
  }

  protected override onAbandoned(): void {
    if (!this.#asking) return;
    this.#asking.abort(new LockBusyError(this.request.keys));
    this.#asking = undefined;
    this.checkIdle();
  }

  /** Never rejects: a failure rejects the waiters. */
  #ask(): void {
    const asking = new Cancellation();
    let lease: ReservedLease | undefined;
    this.#asking = asking;
    const { keys, leaseMs } = this.request;
    const options = {
      // Each waiter has its own deadline; the last one to leave cancels the request.
      waitMs: Number.POSITIVE_INFINITY,
      leaseMs,
      tokens: this.settings.turns,
      signal: asking,
      // The holder of a lost lease may be stuck: the waiters do not wait for its release.
      onLost: () => lease && this.#onLost(lease),
    };
    this.lock.acquire(keys, options).then(
      (granted) => {
        lease = granted;
        if (this.#asking === asking) this.#begin(granted);
        else void granted.release();
      },
      (reason: unknown) => {
        if (this.#asking === asking) this.#fail(reason);
      },
    );
  }

  #begin(lease: ReservedLease): void {
    this.#asking = undefined;
    this.#lease = lease;
    this.#token = lease.token;
    this.#turns = 0;
    this.#sinceMs = this.#nowMs();
    this.#turnSinceMs = this.#sinceMs;
    // The process that handed the lease over is likely to wait again: it need not be asked.
    this.#hasAsked = lease.isHandedOver;
    this.#nextTurn(lease);
  }

  #nextTurn(lease: ReservedLease): void {
    const waiter = this.shift();
    if (!waiter) return;
    const token = this.#token;
    this.#token += 1;
    this.#turns += 1;
    waiter.grant(new CohortTurn(lease, token, () => this.#endTurn(lease)));
    if (!this.hasWaiters) return;
    if (this.#isLastTurn() && !this.#hasAsked) void this.#extendBlock(lease);
  }

  /** Assumes that this turn takes as long as the one before. */
  #isLastTurn(): boolean {
    const { turns, turnsMs } = this.settings;
    const nowMs = this.#nowMs();
    const turnMs = nowMs - this.#turnSinceMs;
    this.#turnSinceMs = nowMs;
    return this.#turns >= turns || nowMs + turnMs - this.#sinceMs >= turnsMs;
  }

  /**
   * Reserves tokens for more turns when no other process waits. The bounds then count from the
   * request: a process that queues after it waits no longer than the bounds say.
   */
  async #extendBlock(lease: ReservedLease): Promise<void> {
    this.#hasAsked = true;
    const sinceMs = this.#nowMs();
    const turns = this.#turns;
    const isExtended = await lease.extendBlock(this.#token - 1 + this.settings.turns);
    if (!isExtended || this.#lease !== lease) return;
    this.#hasAsked = false;
    this.#turns -= turns;
    this.#sinceMs = sinceMs;
  }

  #endTurn(lease: ReservedLease): Promise<void> {
    if (this.#lease !== lease) return lease.release();
    if (this.hasWaiters && this.#mayGoOn(lease)) {
      this.settings.observer.handedOff('memory');
      this.#nextTurn(lease);
      return Promise.resolve();
    }
    this.#lease = undefined;
    // Asked before the release, so that the lock can do both in one request.
    if (this.hasWaiters) this.#ask();
    this.checkIdle();
    return lease.release();
  }

  #mayGoOn(lease: Lease): boolean {
    const { turns, turnsMs } = this.settings;
    return this.#turns < turns && this.#nowMs() - this.#sinceMs < turnsMs && !hasEnded(lease);
  }

  #onLost(lease: Lease): void {
    if (this.#lease !== lease) return;
    this.#lease = undefined;
    if (this.hasWaiters) this.#ask();
    this.checkIdle();
  }

  #fail(reason: unknown): void {
    this.#asking = undefined;
    const waiters = this.clear();
    this.checkIdle();
    for (const waiter of waiters) waiter.fail(reason);
  }

  #nowMs(): number {
    return this.settings.clock.now().monotonicMs;
  }
}

/** The lease of one waiter: one turn of the lease that its process passes on. */
class CohortTurn implements Lease {
  #over: Promise<void> | undefined;

  constructor(
    private readonly lease: Lease,
    readonly token: number,
    private readonly endTurn: () => Promise<void>,
  ) {}

  get keys(): readonly string[] {
    return this.lease.keys;
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
    this.#over ??= this.endTurn();
    return this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

function hasEnded(lease: Lease): boolean {
  try {
    lease.assertHeld();
    return false;
  } catch {
    return true;
  }
}
