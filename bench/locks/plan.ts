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
  /** Of the first repetition, whose processes are new and have compiled nothing. */
  readonly coldMs: number;
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

export const FULL_PLAN: Plan = [
  { scenario: ONE_BY_ONE, repetitions: 8, coldMs: 1_000, warmMs: 50, measureMs: 300 },
  { scenario: SIXTY_FOUR, repetitions: 8, coldMs: 1_000, warmMs: 50, measureMs: 300 },
  { scenario: TEN, repetitions: 2, coldMs: 400, warmMs: 200, measureMs: 900 },
  { scenario: HUNDRED, repetitions: 3, coldMs: 400, warmMs: 300, measureMs: 1_000 },
  { scenario: FIVE_HUNDRED, repetitions: 3, coldMs: 900, warmMs: 800, measureMs: 2_200 },
  { scenario: THOUSAND, repetitions: 2, coldMs: 1_500, warmMs: 1_400, measureMs: 4_500 },
  { scenario: TWO_PROCESSES, repetitions: 3, coldMs: 400, warmMs: 300, measureMs: 1_200 },
  { scenario: BURST, repetitions: 3, coldMs: 0, warmMs: 0, measureMs: 2_000 },
];

export const QUICK_PLAN: Plan = [
  { scenario: ONE_BY_ONE, repetitions: 3, coldMs: 400, warmMs: 50, measureMs: 150 },
  { scenario: SIXTY_FOUR, repetitions: 3, coldMs: 400, warmMs: 50, measureMs: 150 },
  { scenario: TEN, repetitions: 1, coldMs: 200, warmMs: 200, measureMs: 300 },
  { scenario: HUNDRED, repetitions: 1, coldMs: 300, warmMs: 300, measureMs: 600 },
  { scenario: TWO_PROCESSES, repetitions: 1, coldMs: 300, warmMs: 300, measureMs: 600 },
  { scenario: BURST, repetitions: 1, coldMs: 0, warmMs: 0, measureMs: 1_000 },
];
