export interface SweeperLeaseState {
  /** What is to be done, such as `expiry`. */
  readonly name: string;
  /** Process that does it. */
  readonly holder: string;
  /** From this instant on anyone may take it over. */
  readonly until: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/**
 * Work that one process at a time does for all. It spares the others the same work and decides
 * nothing: with two holders for a moment, what they do must still be right.
 */
export class SweeperLease {
  private constructor(readonly state: SweeperLeaseState) {}

  static vacant(name: string): SweeperLease {
    return new SweeperLease({ name, holder: '', until: new Date(0), version: 0 });
  }

  static restore(state: SweeperLeaseState): SweeperLease {
    return new SweeperLease(state);
  }

  /** Taken up or gone on with; undefined while another holds it. */
  take(holder: string, now: Date, termMs: number): SweeperLease | undefined {
    const isAnothers = this.state.holder !== holder && now < this.state.until;
    if (isAnothers) return undefined;
    return new SweeperLease({ ...this.state, holder, until: new Date(now.getTime() + termMs) });
  }

  /** Undefined when it is another's by now. */
  release(holder: string, now: Date): SweeperLease | undefined {
    if (this.state.holder !== holder) return undefined;
    return new SweeperLease({ ...this.state, until: now });
  }
}

/** Duties, inside a transaction. */
export abstract class SweeperLeaseRepository {
  /** A duty that nobody ever took is vacant. */
  abstract get(name: string): Promise<SweeperLease>;

  /**
   * @returns the duty with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(duty: SweeperLease): Promise<SweeperLease>;
}
