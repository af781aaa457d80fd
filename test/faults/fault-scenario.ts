import type { Table } from '../../bench/table.js';

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

/** A claim, and every case in which it did not hold. */
export interface Verdict {
  readonly claim: string;
  readonly broken: readonly string[];
}

export function brokenClaims({ verdicts }: FaultReport): Verdict[] {
  return verdicts.filter(({ broken }) => broken.length > 0);
}
