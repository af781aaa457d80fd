import type { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { JobDefinition } from './job.js';

const EVERY_MS = 60_000;

/** Removes idempotency records whose lifetime is over. */
export function purgeIdempotencyRecordsJob(
  clock: Clock,
  records: IdempotencyRecords,
): JobDefinition {
  return {
    name: 'purge-idempotency-records',
    everyMs: EVERY_MS,
    run: () => records.purge(clock.now()),
  };
}
