import {
  type Answered,
  StalenessJudge,
} from '../../../src/application/staleness/staleness-judge.js';
import { StalenessSummary } from '../../../src/application/staleness/staleness-summary.js';

export interface ObservedRead extends Answered {
  readonly instance: number;
  readonly cache: string;
}

/** A read that was answered with a replaced value. */
export interface StaleRead extends ObservedRead {
  readonly staleMs: number;
}

interface Write {
  readonly resource: string;
  readonly version: number;
  readonly atMs: number;
}

/** A request without a 200. */
export interface Failure {
  readonly beganMs: number;
  /** The status, or the reason why there is none. */
  readonly reason: string;
}

/** All answers that the clients of a trial got. They are judged at the end. */
export class Observations {
  readonly reads: ObservedRead[] = [];
  readonly writes: Write[] = [];
  /** Writes that were refused, or that got no answer. */
  readonly unknown: Failure[] = [];
  readonly failedReads: Failure[] = [];

  judge(boundMs: number): Verdict {
    const judge = new StalenessJudge();
    for (const { resource, version, atMs } of this.writes) {
      judge.acknowledged(resource, version, atMs);
    }
    for (const read of this.reads) judge.shown(read);
    const stale = this.reads
      .map((read) => ({ ...read, staleMs: judge.stalenessMs(read) }))
      .filter(({ staleMs }) => staleMs > 0);
    return new Verdict(this, stale, boundMs);
  }
}

/** What was stale in the whole trial, or between two moments. */
export class Verdict {
  constructor(
    private readonly observations: Observations,
    private readonly stale: readonly StaleRead[],
    readonly boundMs: number,
  ) {}

  /** The missing evidence: without it nothing could have been stale. */
  get missingEvidence(): readonly string[] {
    const { answers, hits, writes } = this.between(0, Number.POSITIVE_INFINITY);
    const counts = { 'answers to reads': answers, 'hits of the cache': hits, writes };
    return Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [`no ${what}`] : []));
  }

  get beyondBound(): readonly StaleRead[] {
    return this.stale.filter(({ staleMs }) => staleMs > this.boundMs);
  }

  between(fromMs: number, toMs: number) {
    const within = (atMs: number) => atMs >= fromMs && atMs < toMs;
    const reads = this.observations.reads.filter(({ beganMs }) => within(beganMs));
    const stale = this.stale.filter(({ beganMs }) => within(beganMs));
    const writes = this.observations.writes.filter(({ atMs }) => within(atMs));
    const summary = new StalenessSummary(this.boundMs);
    for (const { staleMs } of stale) summary.add(staleMs);
    for (let i = stale.length; i < reads.length; i++) summary.add(0);
    const hits = reads.filter(({ cache }) => cache.endsWith('hit')).length;
    const failed = this.observations.failedReads.filter(({ beganMs }) => within(beganMs)).length;
    const slowestMs = reads.reduce((most, read) => Math.max(most, read.endedMs - read.beganMs), 0);
    const counts = { hits, failed, slowestMs, writes: writes.length };
    return { ...summary.figures, ...counts, ...settling(stale, writes.length) };
  }
}

/** The time from the answer of a write to the last read that still showed the replaced value. */
function settling(stale: readonly StaleRead[], writes: number) {
  const byWrite = new Map<string, number>();
  for (const { resource, beganMs, staleMs } of stale) {
    const write = `${resource} ${(beganMs - staleMs).toFixed(3)}`;
    byWrite.set(write, Math.max(byWrite.get(write) ?? 0, staleMs));
  }
  const slowest = [...byWrite.values()].sort((one, other) => other - one);
  return { settlingP99Ms: slowest[Math.floor(writes / 100)] ?? 0 };
}
