import type { SweepExpired, SweepObserver } from '../../application/sweeping/sweep-expired.js';
import type { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import type { JobDefinition } from './job.js';

/** Ends unpaid orders and reservations when their time is over. */
export function sweepExpiredJob(
  everyMs: number,
  sweep: SweepExpired,
  leader: SweeperElection,
  observer: SweepObserver,
): JobDefinition {
  return {
    name: 'sweep-expired',
    everyMs,
    runsAtStart: true,
    leader,
    run: (stopped) => sweep.execute(observer, stopped),
  };
}
