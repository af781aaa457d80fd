import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzEvent } from '../fuzz/event-log.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';

/**
 * Expected failures of a unit that is not refused: those of the database, which no fault stops
 * here.
 */
const EXPECTED = /^DependencyUnavailableError: database/;

/** No process crashes, no rejection is unhandled, and no unit fails in an unexpected way. */
export function endings({ processes }: FuzzRecord): Verdict {
  const broken = processes.flatMap(({ name, events, wasKilled, ending }) => [
    ...(wasKilled || ending === '0' ? [] : [`process ${name} ended with ${ending}`]),
    ...events.flatMap((event) => surprise(event).map((reason) => `process ${name}: ${reason}`)),
  ]);
  return verdictOf('no unhandled rejection, no warning, no crash', processes.length, broken);
}

function surprise(event: FuzzEvent): string[] {
  if (event.event === 'stray') return [event.reason];
  if (event.event !== 'failed' || event.committed === 'no') return [];
  return EXPECTED.test(event.reason) ? [] : [event.reason];
}
