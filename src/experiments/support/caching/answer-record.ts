import { StalenessJudge } from '../../../application/staleness/staleness-judge.js';
import { StalenessSummary } from '../../../application/staleness/staleness-summary.js';
import type { FreshnessOutcome } from '../run-report.js';
import { TEA } from './catalogue-table.js';

/** The answers that readers of a run got, and how long each had been replaced. */
export class AnswerRecord {
  readonly #judge = new StalenessJudge();
  #summary: StalenessSummary;

  constructor(boundMs: number) {
    this.#summary = new StalenessSummary(boundMs);
  }

  /** Sets the counts to zero. */
  restartCounting(): void {
    this.#summary = new StalenessSummary(this.#summary.boundMs);
  }

  acknowledged(version: number, atMs: number): void {
    this.#judge.acknowledged(TEA, version, atMs);
  }

  /** Returns how stale the answer was, in milliseconds. */
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
