import type { LoadKind } from './contestant.js';

/** The load of a measurement. Durations are in milliseconds. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly kind: LoadKind;
  readonly processes: number;
  /** Waiters in each process. */
  readonly waiters: number;
  /** Length of a section by a timer; 0: one turn of the event loop; undefined: release at once. */
  readonly sectionMs: number | undefined;
  /** Pause after a release until the same waiter asks again. */
  readonly pauseMs: number;
  /** Whether each waiter takes the lock once. Else each takes it again and again. */
  readonly once: boolean;
}

/** How often and how long a scenario is measured. Durations are in milliseconds. */
export interface Measure {
  readonly scenario: Scenario;
  readonly repetitions: number;
  readonly warmMs: number;
  /** Warm-up of new processes, which have not compiled their code yet. It replaces `warmMs`. */
  readonly coldMs: number;
  /** Repetitions until new processes start, because the speed of a process depends on how V8 compiled it. */
  readonly renewEvery: number;
  /** Measured time. A burst may end earlier. */
  readonly measureMs: number;
}

export type Plan = readonly Measure[];

const uncontended = (id: string, title: string, waiters: number): Scenario => ({
  ...{ id, title, waiters, kind: 'uncontended', processes: 1 },
  ...{ sectionMs: undefined, pauseMs: 0, once: false },
});

const contended = (waiters: number, processes = 1): Scenario => ({
  id: processes === 1 ? `${waiters} waiters` : `${processes} x ${waiters}`,
  title:
    processes === 1
      ? `${waiters} waiters on one key, one process`
      : `${waiters} waiters on one key in each of ${processes} processes`,
  ...{ kind: 'contended', processes, waiters, sectionMs: 1, pauseMs: 0, once: false },
});

/** Makes sections so short that the lock is measured. A section of 1 ms mostly shows Node's timer. */
const brief = (scenario: Scenario): Scenario => ({
  ...scenario,
  id: `${scenario.id}, brief`,
  title: `${scenario.title}, sections of one turn of the event loop`,
  sectionMs: 0,
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
  title: 'burst: 500 waiters ask for one key at once, each once',
  once: true,
};
export const BRIEF = [HUNDRED, FIVE_HUNDRED, THOUSAND, TWO_PROCESSES].map(brief);
/** Two waiters that alternate: each asks again while the other is in its section. */
export const PING_PONG: Scenario = {
  ...contended(1, 2),
  id: '2 x 1 in turn',
  title: 'in turn: one waiter in each of 2 processes, sections of 5 ms, 3 ms before it asks again',
  sectionMs: 5,
  pauseMs: 3,
};

const SHORT = { renewEvery: 10, coldMs: 1_000, warmMs: 60, measureMs: 100 };
const BRIEF_RUN = { renewEvery: 2, coldMs: 500, warmMs: 100, measureMs: 300 };
const ONCE = { renewEvery: 1, coldMs: 0, warmMs: 0 };

/** The longest scenarios are last, because the time may not suffice for all repetitions. */
export const FULL_PLAN: Plan = [
  { scenario: ONE_BY_ONE, repetitions: 30, ...SHORT },
  { scenario: SIXTY_FOUR, repetitions: 30, ...SHORT },
  { scenario: TEN, repetitions: 2, renewEvery: 2, coldMs: 300, warmMs: 200, measureMs: 600 },
  { scenario: HUNDRED, repetitions: 5, renewEvery: 5, coldMs: 400, warmMs: 300, measureMs: 900 },
  {
    scenario: TWO_PROCESSES,
    repetitions: 5,
    renewEvery: 5,
    coldMs: 400,
    warmMs: 300,
    measureMs: 900,
  },
  {
    scenario: PING_PONG,
    repetitions: 3,
    renewEvery: 3,
    coldMs: 400,
    warmMs: 200,
    measureMs: 1_200,
  },
  ...BRIEF.map((scenario) => ({ scenario, repetitions: 2, ...BRIEF_RUN })),
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
  { scenario: ONE_BY_ONE, repetitions: 5, ...SHORT },
  { scenario: SIXTY_FOUR, repetitions: 5, ...SHORT },
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
  { scenario: PING_PONG, repetitions: 1, renewEvery: 1, coldMs: 200, warmMs: 200, measureMs: 500 },
  ...BRIEF.map((scenario) => ({ scenario, repetitions: 1, ...BRIEF_RUN })),
  { scenario: BURST, repetitions: 1, ...ONCE, measureMs: 1_000 },
];
