import type { Lease } from '../../domain/ports/lock-port.js';
import { CohortTurn } from './cohort-turn.js';
import type { LockRequest } from './lock-request.js';
import type { LockSettings } from './lock-settings.js';
import type { ReservingLock } from './reserving-lock.js';
import type { Waiter } from './waiter.js';

/** How long a process may pass one lease on before others have their turn. */
export interface CohortBounds {
  readonly turns: number;
  readonly turnsMs: number;
}

/** The waiters of a process for one set of keys, and the lease they share in turns. */
export class Cohort {
  readonly #waiters = new Set<Waiter<Lease>>();
  /** Cancels the wait for a lease; undefined when none is awaited. */
  #asking: AbortController | undefined;
  #lease: Lease | undefined;
  #turns = 0;
  #sinceMs = 0;

  constructor(
    private readonly lock: ReservingLock,
    private readonly request: LockRequest,
    private readonly settings: LockSettings & CohortBounds,
    private readonly emptied: () => void,
  ) {}

  add(waiter: Waiter<Lease>): void {
    this.#waiters.add(waiter);
    if (this.#lease || this.#asking) this.settings.observer.contended();
    else void this.#ask();
  }

  remove(waiter: Waiter<Lease>): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0 || !this.#asking) return;
    this.#asking.abort();
    this.#asking = undefined;
    this.#checkEmpty();
  }

  /** Never rejects: a failure goes to those who wait. */
  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const { keys, leaseMs } = this.request;
    const options = {
      // Each waiter looks after its own deadline; the last to leave cancels.
      waitMs: Number.POSITIVE_INFINITY,
      leaseMs,
      tokens: this.settings.turns,
      signal: asking.signal,
    };
    try {
      const lease = await this.lock.acquire(keys, options);
      if (this.#asking === asking) this.#begin(lease);
      else void lease.release();
    } catch (error) {
      if (this.#asking === asking) this.#fail(error);
    }
  }

  #begin(lease: Lease): void {
    this.#asking = undefined;
    this.#lease = lease;
    this.#turns = 0;
    this.#sinceMs = this.#nowMs();
    // Who holds a lost lease may be stuck: the others do not wait for it.
    lease.signal.addEventListener('abort', () => this.#forfeit(lease), { once: true });
    this.#nextTurn(lease);
  }

  #nextTurn(lease: Lease): void {
    const [waiter] = this.#waiters;
    if (!waiter) return;
    this.#waiters.delete(waiter);
    const token = lease.token + this.#turns;
    this.#turns += 1;
    waiter.grant(new CohortTurn(lease, token, () => this.#turnOver(lease)));
  }

  #turnOver(lease: Lease): Promise<void> {
    if (this.#lease !== lease) return lease.release();
    if (this.#waiters.size > 0 && this.#mayGoOn(lease)) {
      this.settings.observer.handedOff('memory');
      this.#nextTurn(lease);
      return Promise.resolve();
    }
    this.#lease = undefined;
    // Asking before releasing lets the lock do both in one request.
    if (this.#waiters.size > 0) void this.#ask();
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
    if (this.#waiters.size > 0) void this.#ask();
    this.#checkEmpty();
  }

  #fail(reason: unknown): void {
    this.#asking = undefined;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
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
