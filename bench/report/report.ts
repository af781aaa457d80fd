import type { Machine } from '../machine.js';
import type { WriteCost } from './coherence/write-intent-cost.js';
import type { Dataset } from './dataset/dataset.js';
import type { LoadResult } from './load/measure-load.js';
import type { LockFigures } from './lock-figures.js';
import type { ReportPlan } from './plan.js';
import type { MeasuredRead } from './reads/read.js';

/** The complete result of a run of the report. */
export interface CacheReport {
  readonly command: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly database: string;
  readonly plan: ReportPlan;
  /** The dataset for the loads and the writes. It is the largest one. */
  readonly dataset: Dataset;
  /** One element for each read and database size. */
  readonly reads: readonly MeasuredRead[];
  readonly loads: readonly LoadResult[];
  readonly idleQuestionsPerSecond: number;
  readonly writes: readonly WriteCost[];
  /** The summary of the last run of the lock benchmark; undefined if it was never run. */
  readonly locks: LockFigures | undefined;
}
