import { median } from '../statistics.js';
import type { Threshold } from '../threshold.js';
import {
  CHARGE_20,
  EXPRESS,
  HAND_WRITTEN,
  HUNDRED_20,
  HUNDRED_200,
  NODE,
  ONE_200,
  ONE_1000,
  ONE_ALONE,
  OWN,
  READ_50,
  type Scenario,
  STOCK_50,
  THOUSAND_20,
  THOUSAND_200,
  TWO_INSTANCES,
} from './plan.js';
import type { Sample } from './sample.js';

type Figure = 'perSecond' | 'p50Ms' | 'p99Ms' | 'maxMs' | 'cpuMs';

/** The median of a figure over the rounds; NaN where it was not measured. */
export function medianOf(
  samples: readonly Sample[],
  contestant: string,
  { id }: Scenario,
  figure: Figure,
): number {
  return median(
    samples
      .filter((each) => each.contestant === contestant && each.scenario === id)
      .map((each) => each[figure]),
  );
}

/** Every promise about the whole service that this run can judge. */
export function judge(samples: readonly Sample[]): Threshold[] {
  const of = (who: string, scenario: Scenario, figure: Figure) =>
    medianOf(samples, who, scenario, figure);
  const ratio = (scenario: Scenario, figure: Figure, against = HAND_WRITTEN) =>
    of(OWN, scenario, figure) / of(against, scenario, figure);
  return [
    atLeast(
      '4 times the orders/s of the hand-written peer',
      ONE_200,
      ratio(ONE_200, 'perSecond'),
      4,
    ),
    atLeast(
      '0.9 of the rate of 200 at once',
      ONE_1000,
      of(OWN, ONE_1000, 'perSecond') / of(OWN, ONE_200, 'perSecond'),
      0.9,
    ),
    ...[HUNDRED_20, HUNDRED_200, THOUSAND_20, THOUSAND_200].map((scenario) =>
      atLeast('no slower than the hand-written peer', scenario, ratio(scenario, 'perSecond'), 1),
    ),
    atMost(
      'p99 at most 4 times p50',
      HUNDRED_20,
      of(OWN, HUNDRED_20, 'p99Ms') / of(OWN, HUNDRED_20, 'p50Ms'),
      4,
    ),
    atMost('p50 at most twice the peer’s', ONE_ALONE, ratio(ONE_ALONE, 'p50Ms'), 2),
    atMost('CPU at most twice the peer’s', ONE_ALONE, ratio(ONE_ALONE, 'cpuMs'), 2),
    atMost('CPU of a batch at most half the peer’s', ONE_200, ratio(ONE_200, 'cpuMs'), 0.5),
    atLeast(
      '0.9 of one instance on one hot product',
      TWO_INSTANCES,
      of(OWN, TWO_INSTANCES, 'perSecond') / of(OWN, ONE_200, 'perSecond'),
      0.9,
    ),
    atMost(
      'the longest wait at most 1.5 times the median',
      ONE_200,
      of(OWN, ONE_200, 'maxMs') / of(OWN, ONE_200, 'p50Ms'),
      1.5,
    ),
    atMost('CPU at most 2.5 times the peer’s', CHARGE_20, ratio(CHARGE_20, 'cpuMs'), 2.5),
    atLeast('0.8 of the hand-written peer', STOCK_50, ratio(STOCK_50, 'perSecond'), 0.8),
    atLeast('4 times bare Express', READ_50, ratio(READ_50, 'perSecond', EXPRESS), 4),
    atLeast('0.7 of Node http', READ_50, ratio(READ_50, 'perSecond', NODE), 0.7),
  ].filter(({ measured }) => measured !== 'NaN');
}

function atLeast(promise: string, { id }: Scenario, value: number, least: number): Threshold {
  return bar(promise, id, value, value >= least);
}

function atMost(promise: string, { id }: Scenario, value: number, most: number): Threshold {
  return bar(promise, id, value, value <= most);
}

function bar(promise: string, scenario: string, value: number, passed: boolean): Threshold {
  return { promise, contestant: OWN, scenario, measured: value.toFixed(2), passed };
}
