import { percentile } from '../../../../bench/statistics.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FloodOutcome } from './flood-connection.js';

/** What customers within their limits got during one phase. */
export interface Served {
  /** Times of the answers below 300, in milliseconds. */
  readonly times: readonly number[];
  /** All other answers by status. */
  readonly refusals: Readonly<Record<number, number>>;
  /** Why the phase ended early. */
  readonly failure?: string;
}

export interface FloodEvidence {
  /** Orders a second that the instance takes, in a closed loop. */
  readonly capacity: number;
  /** Without a flood. */
  readonly usual: Served;
  /** During a flood by a few users, each far over the limits. */
  readonly during: Served;
  readonly few: FloodOutcome & { readonly seconds: number };
  /** Right after it. */
  readonly after: Served;
  /** A flood from more addresses than there are limits for. */
  readonly everywhere: FloodOutcome;
  /** Right after that one. */
  readonly afterAll: Served;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  readonly hasEnded: boolean;
}

/** How much slower the usual requests may be during a flood. */
const SLOWER = 3;
const TIMES_CAPACITY = 10;

/** The claims that hold on any machine. */
export function judgeAnswers(evidence: FloodEvidence): Verdict[] {
  const { usual, during, few, after, everywhere, afterAll } = evidence;
  const served = [usual, during, after, afterAll];
  const floods = [few, everywhere];
  return [
    verdictOf('the instance lives', 1, evidence.hasEnded ? ['it ended'] : []),
    verdictOf(
      'all within their limits are served, before, during and after a flood of a few users',
      Math.min(...served.map(({ times }) => times.length)),
      served.flatMap(({ refusals, failure }) => [
        ...Object.entries(refusals).map(([status, times]) => `${times} times ${status}`),
        ...(failure === undefined ? [] : [failure]),
      ]),
    ),
    verdictOf(
      'a few users who flood get 429 beyond their limits, and their orders within them',
      few.sent,
      [201, 429].filter((status) => !few.statuses[status]).map((status) => `never ${status}`),
    ),
    verdictOf(
      'nobody gets a 5xx but a deliberate 503',
      Math.min(...floods.map(({ statuses }) => Object.keys(statuses).length)),
      floods.flatMap(({ statuses }) =>
        Object.entries(statuses)
          .filter(([status]) => !['200', '201', '429', '503'].includes(status))
          .map(([status, times]) => `${times} times ${status}`),
      ),
    ),
    verdictOf(
      'each 429 and 503 says when to try again',
      Math.min(...floods.map(({ sent }) => sent)),
      floods
        .filter(({ withoutRetryAfter }) => withoutRetryAfter > 0)
        .map(({ withoutRetryAfter }) => `${withoutRetryAfter} did not`),
    ),
    verdictOf(
      `it stays under ${evidence.maxMemoryMb} MB`,
      Math.ceil(evidence.memoryMb),
      evidence.memoryMb < evidence.maxMemoryMb ? [] : [`${evidence.memoryMb.toFixed(0)} MB`],
    ),
  ];
}

/** The claims about times, for a machine that does nothing else. */
export function judgeTimes(evidence: FloodEvidence): Verdict[] {
  const { capacity, usual, during, few, after, everywhere, afterAll } = evidence;
  const bound = SLOWER * p99(usual);
  const slow = (served: Served) =>
    p99(served) <= bound
      ? []
      : [`${p99(served).toFixed(1)} ms, usually ${p99(usual).toFixed(1)} ms`];
  // The service slows a connection down after a refusal, so not all of them can be sent.
  const rate = (few.sent + few.heldBack) / few.seconds;
  return [
    verdictOf(
      `a few users try to send ${TIMES_CAPACITY} times the capacity, and send at least the capacity`,
      Math.floor(capacity),
      [
        ...(rate >= TIMES_CAPACITY * capacity * 0.95 ? [] : [`tried ${rate.toFixed(0)} a second`]),
        ...(few.sent / few.seconds >= capacity ? [] : [`sent ${few.sent} in all`]),
      ],
    ),
    verdictOf(
      `within the limits the p99 is at most ${SLOWER} times as long as usual during this flood`,
      Math.min(usual.times.length, during.times.length),
      slow(during),
    ),
    verdictOf(
      'it is as usual again a second after each flood',
      Math.min(after.times.length, afterAll.times.length),
      [...slow(after), ...slow(afterAll)],
    ),
    verdictOf(
      'a flood from everywhere gets 503 before the event loop is too late',
      everywhere.sent,
      everywhere.statuses[503] ? [] : ['never 503'],
    ),
  ];
}

function p99({ times }: Served): number {
  return percentile(times, 0.99);
}
