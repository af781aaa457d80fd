import type { Comparison } from '../../comparison.js';
import { median } from '../../statistics.js';
import { figure, type Table } from '../../table.js';
import type { Outcome } from '../outcome.js';
import type { Plan } from '../plan.js';
import { STALE_SCENARIOS } from '../stale/scenarios.js';

/** The complete result of a run of the cache benchmark. */
export interface CacheReport extends Comparison {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
}

const FIGURES: readonly (readonly [string, (outcome: Outcome) => string])[] = [
  ['L1 hits/s', ({ l1 }) => figure(median(l1.map(({ perSecond }) => perSecond)))],
  ['of lru-cache', ({ l1 }) => figure(median(l1.map(({ ofFloor }) => ofFloor)))],
  ['L2 hits/s', ({ l2 }) => figure(median(l2.map(({ perSecond }) => perSecond)))],
  ['of raw GET', ({ l2 }) => figure(median(l2.map(({ ofFloor }) => ofFloor)))],
  ['write seen p50', ({ latency }) => figure(median(latency.map(({ p50 }) => p50)))],
  ['p99 ms', ({ latency }) => figure(median(latency.map(({ p99 }) => p99)))],
  ['loads in stampede', ({ stampede }) => figure(stampede.loads)],
  ...STALE_SCENARIOS.map(({ id }) => [id, ({ stale }: Outcome) => `${stale[id] ?? '–'}`] as const),
];

export function figureTable({ outcomes, plan }: CacheReport): Table {
  return {
    title: `medians of ${plan.rounds} rounds, write seen of ${plan.rounds * plan.turns} turns; stale until the TTL ends, of ${plan.tries} tries`,
    columns: ['', ...FIGURES.map(([name]) => name)],
    rows: outcomes.map((outcome) => [
      outcome.contestant,
      ...FIGURES.map(([, show]) => show(outcome)),
    ]),
  };
}
