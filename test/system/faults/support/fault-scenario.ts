import type { Table } from '../../../../bench/table.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';

/** Something that goes wrong on real servers, and what must hold all the same. */
export interface FaultScenario {
  /** As it is named on the command line. */
  readonly name: string;
  readonly title: string;
  /** How long the fault lasts, or faults go on, unless the command says otherwise. */
  readonly seconds: number;
  /** Rejects only when it could not be tried: what did not hold is part of the report. */
  run(options: FaultOptions): Promise<FaultReport>;
}

export interface FaultOptions {
  readonly seconds: number;
  readonly seed: number;
}

export interface FaultReport {
  /** What was done, a line each. */
  readonly done: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly figures: readonly Table[];
}

/** What did not hold; a report without a verdict says so of itself. */
export function brokenClaims({ verdicts }: FaultReport): Verdict[] {
  if (verdicts.length === 0) return [verdictOf('something was judged', 0, [])];
  return verdicts.filter(({ broken }) => broken.length > 0);
}
