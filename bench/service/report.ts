import type { Comparison } from '../comparison.js';
import { median } from '../statistics.js';
import { figure, type Table } from '../table.js';
import type { Plan } from './plan.js';
import type { Sample } from './sample.js';

/** All that a run of the benchmark measured. */
export interface ServiceReport extends Comparison {
  readonly plan: Plan;
  readonly samples: readonly Sample[];
}

const COLUMNS: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['answers/s', ({ perSecond }) => perSecond],
  ['p50 ms', ({ p50Ms }) => p50Ms],
  ['p99 ms', ({ p99Ms }) => p99Ms],
  ['max ms', ({ maxMs }) => maxMs],
  ['CPU ms', ({ cpuMs }) => cpuMs],
  ['statements', ({ statements }) => statements],
  ['Redis commands', ({ commands }) => commands],
  ['MB', ({ residentMb }) => residentMb],
  ['refused', ({ refusals }) => Object.values(refusals).reduce((sum, each) => sum + each, 0)],
];

export function scenarioTables({ plan, samples }: ServiceReport): Table[] {
  return plan.scenarios.map(({ id }) => {
    const inScenario = samples.filter(({ scenario }) => scenario === id);
    return {
      title: `${id}; medians of ${plan.rounds}, CPU, statements and commands for each answer`,
      columns: ['', ...COLUMNS.map(([name]) => name)],
      rows: [...Map.groupBy(inScenario, ({ contestant }) => contestant)].map(([who, own]) => [
        who,
        ...COLUMNS.map(([, value]) => figure(median(own.map(value)))),
      ]),
    };
  });
}
