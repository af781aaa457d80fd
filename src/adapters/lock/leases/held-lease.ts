import { TimeoutPool } from '../../timeouts/timeout-pool.js';
import { Deadline } from '../../timeouts/timeout-queue.js';
import { LeaseLostError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LeaseTerm } from './lock-clock.js';

export interface Prolonged {
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
  prolong(lastToken: number): Promise<Prolonged | undefined>;
  /** Never rejects: what cannot be given back ends with its lease. */
  giveBack(): Promise<void>;
  forfeit(): void;
}

/** A lease alone keeps no process running. */
const alarms = new TimeoutPool(false);

/**
 * A lease that renews itself until it is released or lost.
 *
 * The timer only shortens the time to notice: `assertHeld` reads the clocks, so a process that
 * was stopped past its lease knows before any timer of it has run.
 */
export class HeldLease implements ReservedLease {
  #state: 'held' | 'released' | 'lost' = 'held';
  #term: LeaseTerm;
  readonly #alarm: Deadline;
  #renewing = false;
  #abort: AbortController | undefined;
  #released: Promise<void> | undefined;

  constructor(
    readonly keys: readonly string[],
    readonly token: number,
    term: LeaseTerm,
    private readonly leaseMs: number,
    private readonly keeper: LeaseBackend,
    private readonly settings: LockSettings,
  ) {
    this.#term = term;
    this.#alarm = new Deadline(this.#tick);
    alarms.set(leaseMs / 3, this.#alarm);
  }

  get isHandedOver(): boolean {
    return this.keeper.isHandedOver;
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
    if (this.#state === 'held' && this.#term.isOver(this.settings.clock.now())) this.lose();
    return this.#state === 'held';
  }

  async prolong(lastToken: number): Promise<boolean> {
    try {
      const prolonged = await this.keeper.prolong(lastToken);
      return this.#begin(prolonged?.term) && prolonged?.isAwaited === false;
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
    this.#alarm.cancel();
    this.settings.observer.lost();
    this.keeper.forfeit();
    this.#abort?.abort(new LeaseLostError(this.keys));
  }

  #end(): Promise<void> {
    if (!this.isHeld()) return Promise.resolve();
    this.#state = 'released';
    this.#alarm.cancel();
    return this.keeper.giveBack();
  }

  #tick = (): void => {
    const leftMs = this.#term.leftMs(this.settings.clock.now());
    if (leftMs <= 0) {
      this.lose();
      return;
    }
    // While a renewal is under way, and again if it fails, the next look is soon.
    alarms.set(Math.min(leftMs, this.leaseMs / 10), this.#alarm);
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
    this.#alarm.cancel();
    alarms.set(this.leaseMs / 3, this.#alarm);
    return true;
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    try {
      this.#begin(await this.keeper.renew());
    } catch {
      // Unknown is not lost: the timer tries again until the term is over.
    } finally {
      this.#renewing = false;
    }
  }
}
