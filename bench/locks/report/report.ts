import type { Comparison } from '../../comparison.js';
import { figure, type Table } from '../../table.js';
import type { Plan } from '../plan.js';
import type { Summary } from './summary.js';

/** The complete result of a run of the lock benchmark. */
export interface LockReport extends Comparison {
  readonly plan: Plan;
  readonly omitted: readonly string[];
  readonly summaries: readonly Summary[];
}

const FIGURES: readonly (readonly [string, (summary: Summary) => string])[] = [
  ['sections/s', ({ sectionsPerSecond }) => figure(sectionsPerSecond)],
  ['± spread', ({ spread }) => `${(spread * 100).toFixed(0)}%`],
  ['round trips', ({ roundTripsPerSection }) => figure(roundTripsPerSection)],
  ['commands', ({ commandsPerSection }) => figure(commandsPerSection)],
  ['Redis CPU µs', ({ redisCpuUsPerSection }) => figure(redisCpuUsPerSection)],
  ['wait p50', ({ waitP50 }) => figure(waitP50)],
  ['p99', ({ waitP99 }) => figure(waitP99)],
  ['max ms', ({ waitMax }) => figure(waitMax)],
  ['refused', ({ refusals }) => String(refusals)],
  ['never served', ({ neverServed }) => String(neverServed)],
  ['Jain', ({ jainWaiters }) => figure(jainWaiters)],
  ['of processes', ({ jainProcesses }) => figure(jainProcesses)],
  ['handoff within', ({ handoffWithinP50 }) => figure(handoffWithinP50)],
  ['between ms', ({ handoffBetweenP50 }) => figure(handoffBetweenP50)],
  ['overlaps', ({ overlaps }) => (overlaps > 0 ? `${overlaps} BROKEN` : '0')],
];

/** Makes one table for each scenario, with the fastest contestant first. */
export function scenarioTables({ plan, summaries }: LockReport): Table[] {
  return plan.map(({ scenario, repetitions }) => ({
    title: `${scenario.title} (${repetitions} repetitions)`,
    columns: ['', ...FIGURES.map(([name]) => name)],
    rows: summaries
      .filter((summary) => summary.scenario === scenario.id)
      .sort((a, b) => b.sectionsPerSecond - a.sectionsPerSecond)
      .map((summary) => [summary.contestant, ...FIGURES.map(([, show]) => show(summary))]),
  }));
}
