import { median } from '../../statistics.js';
import type { Result } from './result.js';

/** The figures of one contestant in one scenario, over all repetitions. */
export interface Summary extends Measured {
  readonly contestant: string;
  readonly scenario: string;
  readonly repetitions: number;
  /** (greatest - least) / median of the sections a second, as a measure of noise. */
  readonly spread: number;
  readonly results: readonly Result[];
}

type Measured = Omit<Result, 'contestant' | 'scenario' | 'repetition'>;

/** Takes the median of each figure. For errors, refusals and starved waiters it takes the worst repetition. */
export function summarise(results: readonly Result[]): Summary[] {
  const groups = Map.groupBy(results, ({ contestant, scenario }) => `${contestant}\n${scenario}`);
  return [...groups.values()].map(summary);
}

export function find(
  summaries: readonly Summary[],
  contestant: string,
  scenario: string,
): Summary | undefined {
  return summaries.find((one) => one.contestant === contestant && one.scenario === scenario);
}

function summary(results: readonly Result[]): Summary {
  const [first] = results;
  if (!first) throw new Error('a summary needs at least one result');
  const all = (figure: keyof Measured) => results.map((result) => result[figure]);
  const middle = (figure: keyof Measured) =>
    median(all(figure).filter((value) => !Number.isNaN(value)));
  const worst = (figure: keyof Measured) => Math.max(...all(figure));
  const rates = all('sectionsPerSecond');
  const sectionsPerSecond = middle('sectionsPerSecond');
  return {
    contestant: first.contestant,
    scenario: first.scenario,
    repetitions: results.length,
    sections: middle('sections'),
    sectionsPerSecond,
    spread: (Math.max(...rates) - Math.min(...rates)) / sectionsPerSecond,
    commandsPerSection: middle('commandsPerSection'),
    roundTripsPerSection: middle('roundTripsPerSection'),
    redisCpuUsPerSection: middle('redisCpuUsPerSection'),
    waitP50: middle('waitP50'),
    waitP99: middle('waitP99'),
    waitMax: worst('waitMax'),
    refusals: worst('refusals'),
    neverServed: worst('neverServed'),
    jainWaiters: middle('jainWaiters'),
    jainProcesses: middle('jainProcesses'),
    handoffWithinP50: middle('handoffWithinP50'),
    handoffBetweenP50: middle('handoffBetweenP50'),
    overlaps: worst('overlaps'),
    failures: worst('failures'),
    results,
  };
}
