import { jain, percentile } from '../../statistics.js';
import type { Scenario } from '../plan.js';
import { type ProcessLog, type Section, sectionsOf } from '../run/section-log.js';
import type { Result } from './result.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

type Played = Omit<
  Result,
  | 'contestant'
  | 'scenario'
  | 'repetition'
  | 'commandsPerSection'
  | 'roundTripsPerSection'
  | 'redisCpuUsPerSection'
>;

/** Computes the figures of one measurement from the logs of the waiters, for the time in `span`. */
export function analyse(logs: readonly ProcessLog[], scenario: Scenario, span: Span): Played {
  const all = sectionsOf(logs, scenario.waiters);
  const sections = all.filter(({ left }) => isIn(span, left));
  const waits = all.filter(({ entered }) => isIn(span, entered)).map(waitOf);
  const ages = logs.flatMap(({ waiting }) => [...waiting].map((asked) => span.to - asked));
  // Shares count from the beginning, before `span`: a longer time gives a more exact fairness index.
  const soFar = all.filter(({ left }) => left <= span.to);
  const shares = count(soFar, ({ waiter }) => waiter, scenario.processes * scenario.waiters);
  return {
    sections: sections.length,
    sectionsPerSecond: (sections.length * 1000) / (span.to - span.from),
    waitP50: percentile(waits, 0.5),
    waitP99: percentile(waits, 0.99),
    waitMax: [...waits, ...ages].reduce((max, wait) => Math.max(max, wait), 0),
    refusals: logs.reduce(
      (sum, log) => sum + log.refusals.filter((at) => isIn(span, at)).length,
      0,
    ),
    neverServed: shares.filter((share) => share === 0).length,
    jainWaiters: jain(shares),
    jainProcesses: jain(count(soFar, ({ process }) => process, scenario.processes)),
    failures: logs.reduce((sum, log) => sum + log.failures.length, 0),
    ...(scenario.kind === 'contended' ? handingOn(all, span) : UNSHARED),
    ...(scenario.pauseMs > 0 && { handoffBetweenP50: percentile(handedOver(all, span), 0.5) }),
  };
}

/**
 * Returns the handoff times between two processes, in milliseconds. Each is the time from the first
 * release of the other process while this waiter waits, until this waiter enters its section. The other
 * process may enter again in between.
 */
function handedOver(sections: readonly Section[], span: Span): number[] {
  return sections
    .filter(({ entered }) => isIn(span, entered))
    .flatMap(({ process, asked, entered }) => {
      const awaited = sections.find(
        (other) => other.process !== process && other.left > asked && other.left <= entered,
      );
      return awaited ? [entered - awaited.left] : [];
    });
}

const UNSHARED = { handoffWithinP50: Number.NaN, handoffBetweenP50: Number.NaN, overlaps: 0 };

/** Computes the handoff times within and between processes, and counts overlapping sections. */
function handingOn(sections: readonly Section[], span: Span) {
  const within: number[] = [];
  const between: number[] = [];
  let overlaps = 0;
  let last: Section | undefined;
  for (const next of sections) {
    const gap = last && isIn(span, next.entered) ? next.entered - last.left : Number.NaN;
    if (gap < 0) overlaps += 1;
    else if (gap >= 0) (next.process === last?.process ? within : between).push(gap);
    if (!last || next.left > last.left) last = next;
  }
  return {
    handoffWithinP50: percentile(within, 0.5),
    handoffBetweenP50: percentile(between, 0.5),
    overlaps,
  };
}

function isIn({ from, to }: Span, moment: number): boolean {
  return moment >= from && moment <= to;
}

function waitOf({ asked, entered }: Section): number {
  return entered - asked;
}

function count(sections: readonly Section[], by: (section: Section) => number, length: number) {
  const counts = new Array<number>(length).fill(0);
  for (const section of sections) counts[by(section)] = (counts[by(section)] ?? 0) + 1;
  return counts;
}
