import type { Instant } from '../../timeouts/instant.js';
import { TimeoutPool } from '../../timeouts/timeout-pool.js';
import { Deadline, type DeadlineOwner } from '../../timeouts/timeout-queue.js';
import { type Lease, LeaseLostError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { LeaseTerm } from './lease-term.js';

/** A lease by itself keeps no process running. */
const timeouts = new TimeoutPool(false);

/**
 * A lease that renews itself until it is released or lost.
 *
 * The timer only shortens the time to notice. `assertHeld` reads the clocks, so a process that was
 * stopped past its lease knows it before any timer has run.
 */
export abstract class HeldLease implements Lease, DeadlineOwner {
  #state: 'held' | 'released' | 'lost' = 'held';
  #term: LeaseTerm;
  readonly #timeout: Deadline;
  #renewing = false;
  #abort: AbortController | undefined;
  #released: Promise<void> | undefined;

  constructor(
    readonly keys: readonly string[],
    readonly token: number,
    term: LeaseTerm,
    protected readonly leaseMs: number,
    protected readonly settings: LockSettings,
  ) {
    this.#term = term;
    this.#timeout = new Deadline(this);
    timeouts.set(leaseMs / 3, this.#timeout);
  }

  /** Created at the first read: most leases end before anybody reads it. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#state === 'lost') this.#abort.abort(new LeaseLostError(this.keys));
    }
    return this.#abort.signal;
  }

  assertHeld(): void {
    if (!this.isHeld()) throw new LeaseLostError(this.keys);
  }

  isHeld(): boolean {
    return this.#isHeldAt(this.settings.clock.now());
  }

  #isHeldAt(now: Instant): boolean {
    // @plant lease-never-over
    const isOver = this.#term.isOver(now);
    if (this.#state === 'held' && isOver) this.lose();
    return this.#state === 'held';
  }

  release(): Promise<void> {
    this.#released ??= this.#end();
    return this.#released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Ends the lease before its holder releases it. */
  lose(): void {
    if (this.#state !== 'held') return;
    this.#state = 'lost';
    this.#timeout.cancel();
    this.settings.observer.lost();
    this.onLost();
    this.#abort?.abort(new LeaseLostError(this.keys));
  }

  /** Renews. Resolves with the new term, or undefined when the lease is lost; rejects when unknown. */
  protected abstract renew(): Promise<LeaseTerm | undefined>;

  /** Frees the keys. Never rejects: what cannot be freed ends with its lease. */
  protected abstract free(now: Instant): Promise<void>;

  /** The lease ended before its holder released it. */
  protected abstract onLost(): void;

  /** Begins a new term. Returns whether the lease is still held. */
  protected begin(term: LeaseTerm | undefined): boolean {
    if (this.#state !== 'held') return false;
    // A reply that came after the end must not revive the lease.
    if (!term || this.#term.isOver(this.settings.clock.now())) {
      this.lose();
      return false;
    }
    this.#term = term;
    this.#timeout.cancel();
    timeouts.set(this.leaseMs / 3, this.#timeout);
    return true;
  }

  #end(): Promise<void> {
    const now = this.settings.clock.now();
    if (!this.#isHeldAt(now)) return Promise.resolve();
    this.#state = 'released';
    this.#timeout.cancel();
    return this.free(now);
  }

  /** A third of the term has passed: renews the lease, or ends it when the term is over. */
  onExpired(): void {
    const leftMs = this.#term.leftMs(this.settings.clock.now());
    if (leftMs <= 0) {
      this.lose();
      return;
    }
    // Checks again soon, while a renewal is under way and after a failed one.
    timeouts.set(Math.min(leftMs, this.leaseMs / 10), this.#timeout);
    if (!this.#renewing) void this.#renew();
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    try {
      this.begin(await this.renew());
    } catch {
      // It is not known to be lost: the timer tries again until the term is over.
    } finally {
      this.#renewing = false;
    }
  }
}
