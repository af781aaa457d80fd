import { median, percentile } from '../../../../bench/statistics.js';
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

/** A flood by a few users, and what customers got. */
export interface FloodRound {
  readonly before: Served;
  readonly during: Served;
  readonly after: Served;
  readonly flood: FloodOutcome & { readonly seconds: number };
}

export interface FloodEvidence {
  /** Orders a second that the instance takes, in a closed loop. */
  readonly capacity: number;
  /** Floods by a few users, each far over the limits. */
  readonly rounds: readonly FloodRound[];
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
  const { rounds, everywhere, afterAll } = evidence;
  const served = [
    ...rounds.flatMap(({ before, during, after }) => [before, during, after]),
    afterAll,
  ];
  const ofFew = rounds.map(({ flood }) => flood);
  const floods = [...ofFew, everywhere];
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
      sum(ofFew.map(({ sent }) => sent)),
      ofFew.flatMap(({ statuses }) =>
        [201, 429].filter((status) => !statuses[status]).map((status) => `never ${status}`),
      ),
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

/**
 * The claims about times, for a machine that does nothing else. One pause of the disk makes the p99 of one round,
 * so the median of the rounds is judged.
 */
export function judgeTimes(evidence: FloodEvidence): Verdict[] {
  const { capacity, rounds, everywhere, afterAll } = evidence;
  const usual = p99Of(rounds.map(({ before }) => before));
  const slow = (served: readonly Served[]) => {
    const ms = p99Of(served);
    return ms <= SLOWER * usual ? [] : [`${ms.toFixed(1)} ms, usually ${usual.toFixed(1)} ms`];
  };
  const during = rounds.map((round) => round.during);
  const ofFew = rounds.map(({ flood }) => flood);
  const seconds = sum(ofFew.map((flood) => flood.seconds));
  const sent = sum(ofFew.map((flood) => flood.sent));
  // The service slows a connection down after a refusal, so not all of them can be sent.
  const tried = sum(ofFew.map(({ heldBack }) => heldBack)) + sent;
  return [
    verdictOf(
      `a few users try to send ${TIMES_CAPACITY} times the capacity, and send at least the capacity`,
      Math.floor(capacity),
      [
        ...(tried / seconds >= TIMES_CAPACITY * capacity * 0.95
          ? []
          : [`tried ${(tried / seconds).toFixed(0)} a second`]),
        ...(sent / seconds >= capacity ? [] : [`sent ${sent} in all`]),
      ],
    ),
    verdictOf(
      `within the limits the p99 is at most ${SLOWER} times as long as usual during this flood`,
      Math.min(...during.map(({ times }) => times.length)),
      slow(during),
    ),
    verdictOf('it is as usual again a second after each flood', afterAll.times.length, [
      ...slow(rounds.map(({ after }) => after)),
      ...slow([afterAll]),
    ]),
    verdictOf(
      'a flood from everywhere gets 503 before the event loop is too late',
      everywhere.sent,
      everywhere.statuses[503] ? [] : ['never 503'],
    ),
  ];
}

/** The median of the p99 of each, in milliseconds. */
export function p99Of(served: readonly Served[]): number {
  return median(served.map(({ times }) => percentile(times, 0.99)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
