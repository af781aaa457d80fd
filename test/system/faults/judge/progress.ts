import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { longestGap } from '../support/longest-gap.js';

/** Longest time without any commit, in milliseconds, in addition to a lease that nobody can end. */
const WAIT_TIMEOUT_MS = 5_000;

export function progress(record: FuzzRecord): Verdict {
  const gapMs = longestGapMs(record);
  const isStuck = gapMs > record.leaseMs + WAIT_TIMEOUT_MS;
  const broken = isStuck ? [`nothing was committed for ${gapMs.toFixed(0)} ms`] : [];
  return verdictOf('work continues', commitsOf(record).length, broken);
}

export function longestGapMs(record: FuzzRecord): number {
  return longestGap(commitsOf(record), record.span);
}

/** The times of the commits. */
function commitsOf({ processes, span }: FuzzRecord): number[] {
  return processes
    .flatMap(({ events }) => events)
    .filter(({ event, at }) => event === 'committed' && at > span.from && at < span.to)
    .map(({ at }) => at);
}
