import type { Machine } from '../machine.js';
import type { WriteCost } from './coherence/write-intent-cost.js';
import type { Dataset } from './dataset/dataset.js';
import type { LoadResult } from './load/measure-load.js';
import type { LockFigures } from './lock-figures.js';
import type { ReportPlan } from './plan.js';
import type { MeasuredRead } from './reads/read.js';

/** All that a run of the report has to say. */
export interface CacheReport {
  readonly command: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly database: string;
  readonly plan: ReportPlan;
  /** Behind the loads and the writes. */
  readonly dataset: Dataset;
  /** A row for each read and size. */
  readonly reads: readonly MeasuredRead[];
  readonly loads: readonly LoadResult[];
  readonly idleQuestionsPerSecond: number;
  readonly writes: readonly WriteCost[];
  /** What the last run of the lock benchmark found; undefined where there is none. */
  readonly locks: LockFigures | undefined;
}
