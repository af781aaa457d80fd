export interface SweeperLeaseState {
  /** Name of the work, such as `expiry`. */
  readonly name: string;
  /** Id of the process that holds it; empty if no process ever held it. */
  readonly holder: string;
  /** From this instant on every process may take it. */
  readonly until: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/**
 * Lease of one process on a periodic job, such as the sweep of expired orders. It only saves work:
 * two holders at the same time must still give a correct result.
 */
export class SweeperLease {
  private constructor(readonly state: SweeperLeaseState) {}

  static vacant(name: string): SweeperLease {
    return new SweeperLease({ name, holder: '', until: new Date(0), version: 0 });
  }

  static restore(state: SweeperLeaseState): SweeperLease {
    return new SweeperLease(state);
  }

  /** Takes or extends the lease; undefined while another process holds it. */
  take(holder: string, now: Date, termMs: number): SweeperLease | undefined {
    const isHeldByOther = this.state.holder !== holder && now < this.state.until;
    if (isHeldByOther) return undefined;
    return new SweeperLease({ ...this.state, holder, until: new Date(now.getTime() + termMs) });
  }

  /** Ends the lease at `now`; undefined when another process holds it. */
  release(holder: string, now: Date): SweeperLease | undefined {
    if (this.state.holder !== holder) return undefined;
    return new SweeperLease({ ...this.state, until: now });
  }
}

/** Sweeper leases, inside a transaction. */
export abstract class SweeperLeaseRepository {
  /** Returns a free lease if no process ever took it. */
  abstract get(name: string): Promise<SweeperLease>;

  /**
   * @returns the lease with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(lease: SweeperLease): Promise<SweeperLease>;
}
