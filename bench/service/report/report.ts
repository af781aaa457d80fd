import type { Comparison } from '../../comparison.js';
import { median } from '../../statistics.js';
import { figure, type Table } from '../../table.js';
import { shopOf } from '../growth/reads.js';
import type { Plan, Scenario } from '../plan.js';
import type { Sample } from '../sample.js';
import { spread } from './figures.js';
import type { ServiceThreshold } from './thresholds.js';

/** The complete result of a run of the service benchmark. */
export interface ServiceReport extends Comparison {
  readonly plan: Plan;
  readonly samples: readonly Sample[];
  readonly thresholds: readonly ServiceThreshold[];
  /** Name and version of the database. */
  readonly database: string;
}

type Column = readonly [name: string, cell: (own: readonly Sample[]) => string];

const medianColumn = (name: string, value: (sample: Sample) => number): Column => [
  name,
  (own) => figure(median(own.map(value))),
];

const spreadColumn = (value: (sample: Sample) => number): Column => [
  'of rounds',
  (own) => spread(own.map(value)),
];

const rate = ({ perSecond }: Sample) => perSecond;
const cpu = ({ cpuMs }: Sample) => cpuMs;
const p99 = ({ p99Ms }: Sample) => p99Ms;

const COLUMNS: readonly Column[] = [
  medianColumn('answers/s', rate),
  spreadColumn(rate),
  medianColumn('p50 ms', ({ p50Ms }) => p50Ms),
  medianColumn('p99 ms', p99),
  spreadColumn(p99),
  medianColumn('max ms', ({ maxMs }) => maxMs),
  medianColumn('CPU ms', cpu),
  spreadColumn(cpu),
  medianColumn('statements', ({ statements }) => statements),
  medianColumn('Redis commands', ({ commands }) => commands),
  medianColumn('connections', ({ connections }) => connections),
  medianColumn('MB', ({ residentMb }) => residentMb),
  medianColumn('refused', ({ refusals }) =>
    Object.values(refusals).reduce((sum, each) => sum + each, 0),
  ),
];

const SETTLED: readonly Column[] = [
  medianColumn('settled/s', ({ settledPerSecond = Number.NaN }) => settledPerSecond),
  spreadColumn(({ settledPerSecond = Number.NaN }) => settledPerSecond),
];

/** Makes a table for each scenario, and one for the reads of a small and a large shop. */
export function figureTables(report: ServiceReport): Table[] {
  const tables = report.plan.scenarios.map((scenario) => scenarioTable(report, scenario));
  const growth = growthTable(report);
  return growth ? [...tables, growth] : tables;
}

function scenarioTable({ plan, samples }: ServiceReport, { id, what }: Scenario): Table {
  const inScenario = samples.filter(({ scenario }) => scenario === id);
  const [first, second, ...rest] = COLUMNS as [Column, Column, ...Column[]];
  const isQueued = what === 'queuedOrder';
  const columns = isQueued ? [first, second, ...SETTLED, ...rest] : COLUMNS;
  return {
    title: `${id}; medians of ${plan.rounds} rounds; CPU, statements and commands for each answer`,
    columns: ['', ...columns.map(([name]) => name)],
    rows: [...Map.groupBy(inScenario, ({ contestant }) => contestant)].map(([who, own]) => [
      who,
      ...columns.map(([, cell]) => cell(own)),
    ]),
  };
}

function growthTable({ plan, samples }: ServiceReport): Table | undefined {
  if (!plan.growth) return undefined;
  const shops = plan.growth.sizes.map(shopOf);
  const reads = samples.filter(({ contestant }) => contestant === shops[0]);
  const p50 = ({ p50Ms }: Sample) => p50Ms;
  return {
    title: `growth of the shop, 1 at once; medians of ${plan.rounds} rounds`,
    columns: ['', ...shops.flatMap((shop) => [`p50 ms, ${shop}`, 'of rounds', 'p99 ms'])],
    rows: [...new Set(reads.map(({ scenario }) => scenario))].map((read) => [
      read,
      ...shops.flatMap((shop) => {
        const own = samples.filter(
          ({ contestant, scenario }) => contestant === shop && scenario === read,
        );
        return [figure(median(own.map(p50))), spread(own.map(p50)), figure(median(own.map(p99)))];
      }),
    ]),
  };
}

/** Makes a table of all promises, with the measured ratio and that of the hand-written floor. */
export function thresholdTable({ thresholds }: ServiceReport): Table {
  return {
    title: 'thresholds',
    columns: ['threshold', 'scenario', 'measured', 'of rounds', 'floor', ''],
    rows: thresholds.map((threshold) => [
      ...[
        threshold.promise,
        threshold.scenario,
        threshold.measured,
        threshold.spread,
        threshold.floor,
      ],
      threshold.passed ? 'pass' : 'FAIL',
    ]),
  };
}

/** The part of a run that is kept in git: medians with their spread, and the thresholds. */
export function summaryOf({
  date,
  machine,
  database,
  plan,
  samples,
  thresholds,
}: ServiceReport): object {
  const groups = Map.groupBy(samples, ({ contestant, scenario }) => `${scenario}\n${contestant}`);
  const one = (own: readonly Sample[], value: (sample: Sample) => number) => [
    median(own.map(value)),
    Math.min(...own.map(value)),
    Math.max(...own.map(value)),
  ];
  return {
    ...{ date, machine, database, rounds: plan.rounds, thresholds },
    columns: 'median, least and greatest of the rounds',
    figures: [...groups.values()].map((own) => ({
      scenario: own[0]?.scenario,
      contestant: own[0]?.contestant,
      perSecond: one(own, rate),
      p50Ms: one(own, ({ p50Ms }) => p50Ms),
      p99Ms: one(own, p99),
      cpuMs: one(own, cpu),
      statements: one(own, ({ statements }) => statements),
      commands: one(own, ({ commands }) => commands),
      connections: one(own, ({ connections }) => connections),
      residentMb: one(own, ({ residentMb }) => residentMb),
    })),
  };
}
