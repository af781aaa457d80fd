import { passedCount } from '../../comparison.js';
import { figure, markdownTable } from '../../table.js';
import type { LockSummary } from '../lock-figures.js';
import type { CacheReport } from '../report.js';

const isOurs = ({ contestant }: LockSummary) => contestant.startsWith('lockstep');
const isPeer = (summary: LockSummary) =>
  !isOurs(summary) && !/^(in memory|raw)/.test(summary.contestant);

/** Renders a summary of the last run of the lock benchmark. */
export function lockSection({ locks }: CacheReport): string {
  if (!locks) return '## Locks\n\nThe lock benchmark (`npm run bench -- locks`) has not been run.';
  const scenarios = [...new Set(locks.summaries.map(({ scenario }) => scenario))];
  const rows = scenarios.flatMap((scenario) => {
    const all = locks.summaries.filter((summary) => summary.scenario === scenario);
    const fastest = (summaries: readonly LockSummary[]) =>
      summaries.toSorted((a, b) => b.sectionsPerSecond - a.sectionsPerSecond)[0];
    const shown = [fastest(all.filter(isOurs)), fastest(all.filter(isPeer))];
    return shown.flatMap((summary) => (summary ? [row(summary)] : []));
  });
  return `## Locks

The last run of the lock benchmark is of ${locks.date} ([summary](../benchmarks/locks-summary.json)), with ${passedCount(locks.thresholds)}.
The table shows Lockstep's fastest strategy and the fastest peer in each scenario. [The lock
benchmark](../benchmarks/locks.md) has all contestants and the method. [The experiments](../learn/experiments.md) show why the
sequence of lock and transaction matters.

${markdownTable({
  columns: ['', 'lock', 'sections/s', 'round trips', 'wait p99 ms', 'never served'],
  rows,
})}`;
}

function row(summary: LockSummary): string[] {
  return [
    summary.scenario,
    summary.contestant,
    figure(summary.sectionsPerSecond),
    figure(summary.roundTripsPerSection),
    figure(summary.waitP99),
    String(summary.neverServed),
  ];
}
