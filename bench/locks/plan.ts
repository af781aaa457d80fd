import type { LoadKind } from './contestant.js';

/** What the waiters of a measurement do. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly kind: LoadKind;
  readonly processes: number;
  /** In each process. */
  readonly waiters: number;
  readonly sectionMs: number;
  /** Each waiter comes once; else all come again and again. */
  readonly once: boolean;
}

/** How often and how long a scenario is measured; durations in milliseconds. */
export interface Measure {
  readonly scenario: Scenario;
  readonly repetitions: number;
  readonly warmMs: number;
  /** In place of `warmMs` where processes are new and have compiled nothing. */
  readonly coldMs: number;
  /** New processes after so many repetitions: how one is compiled and placed is luck. */
  readonly renewEvery: number;
  /** Of a burst, the longest. */
  readonly measureMs: number;
}

export type Plan = readonly Measure[];

const uncontended = (id: string, title: string, waiters: number): Scenario => ({
  ...{ id, title, waiters, kind: 'uncontended', processes: 1, sectionMs: 0, once: false },
});

const contended = (waiters: number, processes = 1): Scenario => ({
  id: processes === 1 ? `${waiters} waiters` : `${processes} x ${waiters}`,
  title:
    processes === 1
      ? `${waiters} waiters on one key, one process`
      : `${waiters} waiters on one key in each of ${processes} processes`,
  ...{ kind: 'contended', processes, waiters, sectionMs: 1, once: false },
});

export const ONE_BY_ONE = uncontended('one by one', 'uncontended, one by one', 1);
export const SIXTY_FOUR = uncontended('64 at a time', 'uncontended, 64 at a time', 64);
export const TEN = contended(10);
export const HUNDRED = contended(100);
export const FIVE_HUNDRED = contended(500);
export const THOUSAND = contended(1000);
export const TWO_PROCESSES = contended(50, 2);
export const BURST: Scenario = {
  ...contended(500),
  id: 'burst of 500',
  title: 'burst: 500 waiters on one key at once, each once',
  once: true,
};

const SHORT = { renewEvery: 5, coldMs: 350, warmMs: 30, measureMs: 120 };
const ONCE = { renewEvery: 1, coldMs: 0, warmMs: 0 };

/** The longest last, where time may run out. */
export const FULL_PLAN: Plan = [
  { scenario: ONE_BY_ONE, repetitions: 15, ...SHORT },
  { scenario: SIXTY_FOUR, repetitions: 15, ...SHORT },
  { scenario: TEN, repetitions: 2, renewEvery: 2, coldMs: 300, warmMs: 200, measureMs: 600 },
  { scenario: HUNDRED, repetitions: 3, renewEvery: 3, coldMs: 400, warmMs: 300, measureMs: 900 },
  {
    scenario: TWO_PROCESSES,
    repetitions: 3,
    renewEvery: 3,
    coldMs: 400,
    warmMs: 300,
    measureMs: 900,
  },
  { scenario: BURST, repetitions: 2, ...ONCE, measureMs: 2_000 },
  {
    scenario: FIVE_HUNDRED,
    repetitions: 2,
    renewEvery: 2,
    coldMs: 900,
    warmMs: 800,
    measureMs: 2_000,
  },
  {
    scenario: THOUSAND,
    repetitions: 2,
    renewEvery: 2,
    coldMs: 1_500,
    warmMs: 1_400,
    measureMs: 3_600,
  },
];

export const QUICK_PLAN: Plan = [
  { scenario: ONE_BY_ONE, repetitions: 3, ...SHORT },
  { scenario: SIXTY_FOUR, repetitions: 3, ...SHORT },
  { scenario: TEN, repetitions: 1, renewEvery: 1, coldMs: 200, warmMs: 200, measureMs: 300 },
  { scenario: HUNDRED, repetitions: 1, renewEvery: 1, coldMs: 300, warmMs: 300, measureMs: 600 },
  {
    scenario: TWO_PROCESSES,
    repetitions: 1,
    renewEvery: 1,
    coldMs: 300,
    warmMs: 300,
    measureMs: 600,
  },
  { scenario: BURST, repetitions: 1, ...ONCE, measureMs: 1_000 },
];
