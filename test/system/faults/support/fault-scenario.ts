import type { Table } from '../../../../bench/table.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';

/** A fault on real servers, and the claims that must hold in spite of it. */
export interface FaultScenario {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Duration of the fault, or of a series of faults, unless the command names another one. */
  readonly seconds: number;
  /** Whether it can break a cluster in Docker; otherwise it takes only programs of this machine. */
  readonly runsInDocker?: boolean;
  /**
   * Rejects only when the run could not be done. A claim that did not hold is part of the report.
   */
  run(options: FaultOptions): Promise<FaultReport>;
}

export interface FaultOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Requests per second, for a scenario that can choose; it has a default. */
  readonly rate?: number | undefined;
  /** Breaks a cluster in Docker, for a scenario that can. */
  readonly inDocker?: boolean | undefined;
}

export interface FaultReport {
  /** What was done, one line for each fault. */
  readonly done: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly figures: readonly Table[];
}

/** The claims that did not hold. A report without a verdict counts as a broken claim. */
export function brokenClaims({ verdicts }: FaultReport): Verdict[] {
  if (verdicts.length === 0) return [verdictOf('something was judged', 0, [])];
  return verdicts.filter(({ broken }) => broken.length > 0);
}
