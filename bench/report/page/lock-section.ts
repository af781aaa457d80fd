import { barCount } from '../../comparison.js';
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

From [docs/benchmarks/locks-summary.json](../benchmarks/locks-summary.json) of ${locks.date}, with ${barCount(locks.bars)}: the
fastest of Lockstep's ways in each scenario, and the fastest peer. All contestants and the method are
in [docs/benchmarks/locks.md](../benchmarks/locks.md); why the order of lock and transaction matters is shown in
[docs/experiments.md](../experiments.md).

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
