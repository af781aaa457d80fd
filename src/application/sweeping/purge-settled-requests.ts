import type { SettledOrderRequests } from '../../domain/orders/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { SweeperElection } from './sweeper-election.js';

/** Most rows that one statement removes, so that it never holds many row locks. */
const BATCH = 500;

/**
 * Removes order requests that were settled long ago. Their orders stay. The process that leads the
 * expiry sweep does it.
 */
export class PurgeSettledRequests {
  constructor(
    private readonly requests: SettledOrderRequests,
    private readonly leader: SweeperElection,
    private readonly clock: Clock,
    /** Age of a request that is removed, in milliseconds since it was accepted. */
    private readonly retentionMs: number,
  ) {}

  /** Answers how many it removed; 0 while another process leads. */
  async execute(stopped: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.retentionMs);
    let removed = 0;
    while (!stopped.aborted && (await this.leader.take(stopped))) {
      const batch = await this.requests.purge(before, BATCH);
      removed += batch;
      if (batch < BATCH) break;
    }
    return removed;
  }
}
