import { type Lease, LockBusyError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { ReservedLease, ReservingLock } from '../reserving-lock.js';
import { Cancellation } from '../waiting/cancellation.js';
import type { LockRequest } from '../waiting/lock-request.js';
import type { Waiter } from '../waiting/waiter.js';
import type { WaiterLimit } from '../waiting/waiter-limit.js';
import { WaiterQueue } from '../waiting/waiter-queue.js';
import { CohortTurn } from './cohort-turn.js';

/** How long a process may pass one lease on before others have their turn. */
export interface CohortBounds {
  readonly turns: number;
  readonly turnsMs: number;
}

/** The waiters of a process for one set of keys, and the lease they share in turns. */
export class Cohort {
  readonly #waiters: WaiterQueue<Lease>;
  /** Cancels the wait for a lease; undefined when none is awaited. */
  #asking: Cancellation | undefined;
  #lease: ReservedLease | undefined;
  /** Of the next turn. */
  #token = 0;
  #turns = 0;
  #sinceMs = 0;
  #turnSinceMs = 0;
  #hasAsked = false;

  constructor(
    private readonly lock: ReservingLock,
    private readonly request: LockRequest,
    private readonly settings: LockSettings & CohortBounds,
    crowd: WaiterLimit,
    private readonly emptied: () => void,
  ) {
    this.#waiters = new WaiterQueue(crowd);
  }

  add(waiter: Waiter<Lease>): void {
    this.#waiters.add(waiter);
    if (this.#lease || this.#asking) this.settings.observer.contended();
    else this.#ask();
  }

  remove(waiter: Waiter<Lease>): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0 || !this.#asking) return;
    this.#asking.abort(new LockBusyError(this.request.keys));
    this.#asking = undefined;
    this.#checkEmpty();
  }

  /** Never rejects: a failure goes to those who wait. */
  #ask(): void {
    const asking = new Cancellation();
    let lease: ReservedLease | undefined;
    this.#asking = asking;
    const { keys, leaseMs } = this.request;
    const options = {
      // Each waiter looks after its own deadline; the last to leave cancels.
      waitMs: Number.POSITIVE_INFINITY,
      leaseMs,
      tokens: this.settings.turns,
      signal: asking,
      // Who holds a lost lease may be stuck: the others do not wait for it.
      onLost: () => lease && this.#forfeit(lease),
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
    // The others would only have to be asked, and told no.
    this.#hasAsked = lease.isHandedOver;
    this.#nextTurn(lease);
  }

  #nextTurn(lease: ReservedLease): void {
    const waiter = this.#waiters.shift();
    if (!waiter) return;
    const token = this.#token;
    this.#token += 1;
    this.#turns += 1;
    waiter.grant(new CohortTurn(lease, token, () => this.#turnOver(lease)));
    if (this.#waiters.size === 0) return;
    if (this.#isLastTurn() && !this.#hasAsked) void this.#prolong(lease);
  }

  /** As far as can be told, if it takes as long as the one before. */
  #isLastTurn(): boolean {
    const { turns, turnsMs } = this.settings;
    const nowMs = this.#nowMs();
    const turnMs = nowMs - this.#turnSinceMs;
    this.#turnSinceMs = nowMs;
    return this.#turns >= turns || nowMs + turnMs - this.#sinceMs >= turnsMs;
  }

  /** The bounds count from the question: whoever comes to the queue after it waits no longer. */
  async #prolong(lease: ReservedLease): Promise<void> {
    this.#hasAsked = true;
    const sinceMs = this.#nowMs();
    const turns = this.#turns;
    const isAlone = await lease.prolong(this.#token - 1 + this.settings.turns);
    if (!isAlone || this.#lease !== lease) return;
    this.#hasAsked = false;
    this.#turns -= turns;
    this.#sinceMs = sinceMs;
  }

  #turnOver(lease: ReservedLease): Promise<void> {
    if (this.#lease !== lease) return lease.release();
    if (this.#waiters.size > 0 && this.#mayGoOn(lease)) {
      this.settings.observer.handedOff('memory');
      this.#nextTurn(lease);
      return Promise.resolve();
    }
    this.#lease = undefined;
    // Asking before releasing lets the lock do both in one request.
    if (this.#waiters.size > 0) this.#ask();
    this.#checkEmpty();
    return lease.release();
  }

  #mayGoOn(lease: Lease): boolean {
    const { turns, turnsMs } = this.settings;
    return this.#turns < turns && this.#nowMs() - this.#sinceMs < turnsMs && !hasEnded(lease);
  }

  #forfeit(lease: Lease): void {
    if (this.#lease !== lease) return;
    this.#lease = undefined;
    if (this.#waiters.size > 0) this.#ask();
    this.#checkEmpty();
  }

  #fail(reason: unknown): void {
    this.#asking = undefined;
    const waiters = this.#waiters.clear();
    this.#checkEmpty();
    for (const waiter of waiters) waiter.fail(reason);
  }

  #checkEmpty(): void {
    if (this.#waiters.size === 0 && !this.#asking && !this.#lease) this.emptied();
  }

  #nowMs(): number {
    return this.settings.clock.now().monotonicMs;
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
