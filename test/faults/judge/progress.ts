import type { Verdict } from '../fault-scenario.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';

/** Longest time in which nobody may commit anything, beyond a lease that nobody can take away. */
const PATIENCE_MS = 5_000;

export function progress(record: FuzzRecord): Verdict {
  const gapMs = longestGapMs(record);
  const isStuck = gapMs > record.leaseMs + PATIENCE_MS;
  const broken = isStuck ? [`nothing was committed for ${gapMs.toFixed(0)} ms`] : [];
  return { claim: 'work goes on', broken };
}

export function longestGapMs({ processes, span }: FuzzRecord): number {
  const commits = processes
    .flatMap(({ events }) => events)
    .filter(({ event, at }) => event === 'committed' && at > span.from && at < span.to)
    .map(({ at }) => at);
  const moments = [span.from, ...commits.sort((a, b) => a - b), span.to];
  return Math.max(...moments.map((at, i) => at - (moments[i - 1] ?? at)));
}
