import type { Expiring, ExpiryQueries } from '../../domain/reservations/ports.js';
import type { JobDefinition } from './job.js';

/** What the job reports; undefined: the database did not answer, so the figure is not known. */
export interface ClaimMetrics {
  claimsCounted(of: Expiring, count: number | undefined): void;
}

const KINDS: readonly Expiring[] = ['order', 'reservation'];

/** Counts the unpaid orders and the held reservations of all instances. */
export function measureOpenClaimsJob(
  everyMs: number,
  queries: ExpiryQueries,
  metrics: ClaimMetrics,
): JobDefinition {
  return {
    name: 'measure-open-claims',
    everyMs,
    run: async () => {
      for (const kind of KINDS) metrics.claimsCounted(kind, await queries.count(kind));
    },
    onFailure: () => {
      for (const kind of KINDS) metrics.claimsCounted(kind, undefined);
    },
  };
}
