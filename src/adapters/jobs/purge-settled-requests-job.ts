import type { PurgeSettledRequests } from '../../application/sweeping/purge-settled-requests.js';
import type { JobDefinition } from './job.js';

/** Removes order requests that were settled long ago; `purged` gets how many, after each run. */
export function purgeSettledRequestsJob(
  everyMs: number,
  purge: PurgeSettledRequests,
  purged: (requests: number) => void,
): JobDefinition {
  return {
    name: 'purge-settled-requests',
    everyMs,
    run: async (stopped) => purged(await purge.execute(stopped)),
  };
}
