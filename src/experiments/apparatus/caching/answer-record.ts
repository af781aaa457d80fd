import { StalenessJudge } from '../../../application/staleness/staleness-judge.js';
import { StalenessSummary } from '../../../application/staleness/staleness-summary.js';
import type { FreshnessOutcome } from '../trial-report.js';
import { TEA } from './catalogue-table.js';

/** What readers of a trial were answered, and how long that had been replaced. */
export class AnswerRecord {
  readonly #judge = new StalenessJudge();
  #summary: StalenessSummary;

  constructor(boundMs: number) {
    this.#summary = new StalenessSummary(boundMs);
  }

  /** Counts answers from now on only. */
  beginAnew(): void {
    this.#summary = new StalenessSummary(this.#summary.boundMs);
  }

  acknowledged(version: number, atMs: number): void {
    this.#judge.acknowledged(TEA, version, atMs);
  }

  /** Answers how stale it was, in milliseconds. */
  answered(version: number, beganMs: number): number {
    const staleMs = this.#judge.stalenessMs({ resource: TEA, version, beganMs });
    this.#summary.add(staleMs);
    return staleMs;
  }

  outcome(databaseQueries: number): FreshnessOutcome {
    const { answers, stale, worstMs } = this.#summary.figures;
    const { boundMs } = this.#summary;
    return { answers, stale, oldestMs: worstMs, boundMs, databaseQueries };
  }
}
