import type { Threshold } from '../../threshold.js';
import { POPULAR, PRODUCT_FROM_DATABASE, shopOf } from '../growth/reads.js';
import {
  BATCH_FLOOR,
  CANCELLATION_20,
  CHARGE_20,
  EXPRESS,
  HAND_WRITTEN,
  HUNDRED_20,
  HUNDRED_200,
  NODE,
  NODE_SAME,
  ONE_200,
  ONE_1000,
  ONE_ALONE,
  OWN,
  PAYMENT_20,
  type Plan,
  READ_50,
  SAME_GUARANTEES,
  type Scenario,
  STOCK_50,
  THOUSAND_20,
  THOUSAND_200,
  TWO_INSTANCES,
} from '../plan.js';
import type { Figure, Sample } from '../sample.js';
import { type PointRatio, ratioOfPoints, spread } from './figures.js';

/** A promise about the whole service. */
export interface ServiceThreshold extends Threshold {
  /** The least and the greatest ratio of the rounds. */
  readonly spread: string;
  /** The same ratio for a program without the layers of Lockstep; a dash without such a program. */
  readonly floor: string;
}

/** A program without the layers of Lockstep, and the scenario that it runs. */
interface Floor {
  readonly contestant: string;
  readonly scenario: Scenario;
}

/** One batch after another, and nothing else in the process. */
const BATCHES: Floor = { contestant: BATCH_FLOOR, scenario: ONE_200 };

interface Promised {
  readonly promise: string;
  readonly scenario: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly ratio: PointRatio;
  readonly floor?: PointRatio;
}

/** Checks all promises for which this run has figures. */
export function judge(samples: readonly Sample[], plan: Plan): ServiceThreshold[] {
  return [...promisesOfLoad(samples), ...promisesOfGrowth(samples, plan)]
    .filter(({ ratio }) => !Number.isNaN(ratio.value))
    .map(judged);
}

function judged({ promise, scenario, atLeast, atMost, ratio, floor }: Promised): ServiceThreshold {
  const { value, ofRounds } = ratio;
  const isMeasured = floor && !Number.isNaN(floor.value);
  return {
    ...{ promise, contestant: OWN, scenario, measured: twoDigits(value) },
    passed: value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity),
    spread: spread(ofRounds, twoDigits),
    floor: isMeasured ? twoDigits(floor.value) : '–',
  };
}

function twoDigits(value: number): string {
  return value.toFixed(2);
}

function promisesOfLoad(samples: readonly Sample[]): Promised[] {
  const point = (contestant: string, { id: scenario }: Scenario, figure: Figure) => ({
    contestant,
    scenario,
    figure,
  });
  /** The ratio of Lockstep to `other`, and that of the floor to `other` if the floor runs this scenario. */
  const against = (
    other: string,
    scenario: Scenario,
    figure: Figure,
    floor: string = SAME_GUARANTEES,
  ): Pick<Promised, 'scenario' | 'ratio' | 'floor'> => ({
    scenario: scenario.id,
    ratio: ratioOfPoints(samples, point(OWN, scenario, figure), point(other, scenario, figure)),
    floor: ratioOfPoints(samples, point(floor, scenario, figure), point(other, scenario, figure)),
  });
  const within = (
    scenario: Scenario,
    figure: Figure,
    of: Figure,
    other = scenario,
    floor: Floor = { contestant: SAME_GUARANTEES, scenario },
  ) => ({
    scenario: scenario.id,
    ratio: ratioOfPoints(samples, point(OWN, scenario, figure), point(OWN, other, of)),
    floor: ratioOfPoints(
      samples,
      point(floor.contestant, floor.scenario, figure),
      point(floor.contestant, floor.scenario === scenario ? other : floor.scenario, of),
    ),
  });
  return [
    {
      promise: 'at least 4 times the orders/s of the hand-written peer',
      ...against(HAND_WRITTEN, ONE_200, 'perSecond', BATCH_FLOOR),
      atLeast: 4,
    },
    {
      promise: 'at least 0.9 of the rate of 200 at once',
      ...within(ONE_1000, 'perSecond', 'perSecond', ONE_200),
      atLeast: 0.9,
    },
    ...[ONE_200, ONE_1000].map((scenario) => ({
      promise: 'the longest wait at most 1.5 times the median',
      ...within(scenario, 'maxMs', 'p50Ms', scenario, BATCHES),
      atMost: 1.5,
    })),
    ...[HUNDRED_20, HUNDRED_200, THOUSAND_20, THOUSAND_200].map((scenario) => ({
      promise: 'no slower than the hand-written peer',
      ...against(HAND_WRITTEN, scenario, 'perSecond'),
      atLeast: 1,
    })),
    ...[HUNDRED_20, THOUSAND_20].map((scenario) => ({
      promise: 'p99 at most 4 times p50',
      ...within(scenario, 'p99Ms', 'p50Ms'),
      atMost: 4,
    })),
    {
      promise: 'p50 at most twice the peer’s',
      ...against(HAND_WRITTEN, ONE_ALONE, 'p50Ms'),
      atMost: 2,
    },
    {
      promise: 'CPU at most twice the peer’s',
      ...against(HAND_WRITTEN, ONE_ALONE, 'cpuMs'),
      atMost: 2,
    },
    {
      promise: 'CPU of a batch at most half the peer’s',
      ...against(HAND_WRITTEN, ONE_200, 'cpuMs', BATCH_FLOOR),
      atMost: 0.5,
    },
    {
      promise: 'at least 0.9 of one instance on one hot product',
      ...within(TWO_INSTANCES, 'perSecond', 'perSecond', ONE_200, {
        contestant: HAND_WRITTEN,
        scenario: TWO_INSTANCES,
      }),
      atLeast: 0.9,
    },
    ...[CHARGE_20, PAYMENT_20, CANCELLATION_20].map((scenario) => ({
      promise: 'CPU at most 2.5 times the peer’s',
      ...against(HAND_WRITTEN, scenario, 'cpuMs'),
      atMost: 2.5,
    })),
    {
      promise: 'at least 4 times bare Express',
      ...against(EXPRESS, READ_50, 'perSecond', NODE_SAME),
      atLeast: 4,
    },
    {
      promise: 'at least 0.7 of Node http',
      ...against(NODE, READ_50, 'perSecond', NODE_SAME),
      atLeast: 0.7,
    },
    {
      promise: 'at least 0.8 of the hand-written peer',
      ...against(HAND_WRITTEN, STOCK_50, 'perSecond'),
      atLeast: 0.8,
    },
  ];
}

function promisesOfGrowth(samples: readonly Sample[], { growth }: Plan): Promised[] {
  const [small, large] = [growth?.sizes[0], growth?.sizes.at(-1)];
  if (small === undefined || large === undefined) return [];
  const point = (products: number, scenario: string) => ({
    contestant: shopOf(products),
    scenario,
    figure: 'p50Ms' as const,
  });
  const reads = new Set(
    samples
      .filter(({ contestant }) => contestant === shopOf(large))
      .map(({ scenario }) => scenario),
  );
  return [
    ...[...reads].map((scenario) => ({
      promise: `p50 in ${shopOf(large)} at most 1.5 times that in ${shopOf(small)}`,
      scenario,
      ratio: ratioOfPoints(samples, point(large, scenario), point(small, scenario)),
      atMost: 1.5,
    })),
    ...POPULAR.map(({ id }) => ({
      promise: `p50 in ${shopOf(large)} at most that of a product from the database`,
      scenario: id,
      ratio: ratioOfPoints(samples, point(large, id), point(large, PRODUCT_FROM_DATABASE)),
      atMost: 1,
    })),
  ];
}
