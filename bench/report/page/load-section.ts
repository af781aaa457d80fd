import { ratioOf, showRatio } from '../../ratio.js';
import { figure, markdownTable } from '../../table.js';
import type { LoadResult } from '../load/measure-load.js';
import { MODES } from '../load/scenario.js';
import type { CacheReport } from '../report.js';

/** Renders requests, times, queries and hits of each scenario, with one line for each mode. */
export function loadSection({ loads, reads, dataset }: CacheReport): string {
  const byQuery = reads.filter(
    ({ name, lines }) => lines === dataset.lines && name.endsWith('by SQL'),
  );
  const answers = byQuery.map(({ name, ms }) => `${name}: ${figure(1000 / ms)} a second`);
  return `## Before and after

One service on one database of ${dataset.lines.toLocaleString('en-US')} order lines, in three modes: the cache off, Redis only (no level
in the process), both levels. **times** compares a mode with "off" in the same repetition: the median, with the
least and the greatest repetition.

![Requests a second in every scenario, in each mode](loads.svg)

${markdownTable({
  columns: ['', 'cache', 'req/s', 'times', 'p50 ms', 'p99 ms', 'queries', 'L1', 'L2'],
  rows: loads.map((load) => row(load, loads)),
})}

${failuresOf(loads)} In all three modes no request computes popular items: they come from a stored ranking. If each
request computed them by SQL, one connection to the database could answer at most: ${answers.join('; ')}.`;
}

/** Says how many requests failed. Without any answer, "no request failed" would prove nothing. */
function failuresOf(loads: readonly LoadResult[]): string {
  const unanswered = loads.filter(({ requestsPerSecond }) => !(requestsPerSecond > 0));
  if (loads.length === 0) return 'No evidence: nothing was measured.';
  if (unanswered.length > 0) {
    const names = new Set(unanswered.map(({ title, mode }) => `${title} (${mode})`));
    return `No evidence: no request was answered in ${[...names].join(', ')}.`;
  }
  const failures = loads.reduce((sum, load) => sum + load.failures, 0);
  return failures === 0 ? 'No request failed.' : `${failures} requests failed.`;
}

function row(load: LoadResult, loads: readonly LoadResult[]): string[] {
  const off = loads.find(({ scenario, mode }) => scenario === load.scenario && mode === 'off');
  return [
    load.mode === 'off' ? load.title : '',
    MODES.find(({ mode }) => mode === load.mode)?.title ?? load.mode,
    figure(load.requestsPerSecond),
    load.mode === 'off' ? '' : showRatio(ratioOf(load.rates, off?.rates ?? [])),
    figure(load.p50),
    figure(load.p99),
    figure(load.questionsPerRequest),
    percent(load.l1Share),
    percent(load.l2Share),
  ];
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(0)}%`;
}
