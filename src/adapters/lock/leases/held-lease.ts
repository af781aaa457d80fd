import { TimeoutPool } from '../../timeouts/timeout-pool.js';
import { Deadline } from '../../timeouts/timeout-queue.js';
import { LeaseLostError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LeaseTerm } from './lock-clock.js';

export interface ExtendedBlock {
  readonly term: LeaseTerm;
  /** Whether another process waits for a key. */
  readonly isAwaited: boolean;
}

/** Whoever granted a lease: renews it, takes it back, and hears when it ended by itself. */
export interface LeaseBackend {
  readonly isHandedOver: boolean;
  /** The new term, or undefined when the lease is lost for certain; rejects when unknown. */
  renew(): Promise<LeaseTerm | undefined>;
  /** The same, with more tokens reserved. */
  extendBlock(lastToken: number): Promise<ExtendedBlock | undefined>;
  /** Never rejects: what cannot be given back ends with its lease. */
  release(): Promise<void>;
  onLost(): void;
}

/** A lease alone keeps no process running. */
const timeouts = new TimeoutPool(false);

/**
 * A lease that renews itself until it is released or lost.
 *
 * The timer only shortens the time to notice: `assertHeld` reads the clocks, so a process that
 * was stopped past its lease knows before any timer of it has run.
 */
export class HeldLease implements ReservedLease {
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
    private readonly leaseMs: number,
    private readonly backend: LeaseBackend,
    private readonly settings: LockSettings,
  ) {
    this.#term = term;
    this.#timeout = new Deadline(this.#tick);
    timeouts.set(leaseMs / 3, this.#timeout);
  }

  get isHandedOver(): boolean {
    return this.backend.isHandedOver;
  }

  /** Created on demand: most leases end before anybody asks. */
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
    // @plant lease-never-over
    const isOver = this.#term.isOver(this.settings.clock.now());
    if (this.#state === 'held' && isOver) this.lose();
    return this.#state === 'held';
  }

  async extendBlock(lastToken: number): Promise<boolean> {
    try {
      const extended = await this.backend.extendBlock(lastToken);
      return this.#begin(extended?.term) && extended?.isAwaited === false;
    } catch {
      return false;
    }
  }

  release(): Promise<void> {
    this.#released ??= this.#end();
    return this.#released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Ends the lease without its holder's doing. */
  lose(): void {
    if (this.#state !== 'held') return;
    this.#state = 'lost';
    this.#timeout.cancel();
    this.settings.observer.lost();
    this.backend.onLost();
    this.#abort?.abort(new LeaseLostError(this.keys));
  }

  #end(): Promise<void> {
    if (!this.isHeld()) return Promise.resolve();
    this.#state = 'released';
    this.#timeout.cancel();
    return this.backend.release();
  }

  #tick = (): void => {
    const leftMs = this.#term.leftMs(this.settings.clock.now());
    if (leftMs <= 0) {
      this.lose();
      return;
    }
    // While a renewal is under way, and again if it fails, the next look is soon.
    timeouts.set(Math.min(leftMs, this.leaseMs / 10), this.#timeout);
    if (!this.#renewing) void this.#renew();
  };

  /** Whether the lease goes on, with a new term. */
  #begin(term: LeaseTerm | undefined): boolean {
    if (this.#state !== 'held') return false;
    // An answer that came after the end must not bring the lease back to life.
    if (!term || this.#term.isOver(this.settings.clock.now())) {
      this.lose();
      return false;
    }
    this.#term = term;
    this.#timeout.cancel();
    timeouts.set(this.leaseMs / 3, this.#timeout);
    return true;
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    try {
      this.#begin(await this.backend.renew());
    } catch {
      // Unknown is not lost: the timer tries again until the term is over.
    } finally {
      this.#renewing = false;
    }
  }
}
