import type { SettledOrderRequests } from '../../domain/orders/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { SweeperElection } from './sweeper-election.js';

/** Rows that one statement removes at most, so that it never holds many row locks. */
const BATCH = 500;

/**
 * Removes requests for orders that were settled long ago; the orders made of them stay. Whoever has
 * the duty of sweeping does it.
 */
export class ForgetSettledRequests {
  constructor(
    private readonly requests: SettledOrderRequests,
    private readonly duty: SweeperElection,
    private readonly clock: Clock,
    /** Milliseconds since a request was accepted. */
    private readonly retentionMs: number,
  ) {}

  /** Answers how many it removed; none while another process sweeps. */
  async execute(stopped: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.retentionMs);
    let removed = 0;
    while (!stopped.aborted && (await this.duty.take(stopped))) {
      const batch = await this.requests.purge(before, BATCH);
      removed += batch;
      if (batch < BATCH) break;
    }
    return removed;
  }
}
