import type { Threshold } from '../../threshold.js';
import type { Summary } from '../report/summary.js';
import { costThresholds } from './cost-thresholds.js';
import { fairnessThresholds } from './fairness-thresholds.js';
import { handoffThresholds } from './handoff-thresholds.js';
import { speedThresholds } from './speed-thresholds.js';

/** Checks all thresholds for which figures exist. */
export function judge(summaries: readonly Summary[]): Threshold[] {
  return [speedThresholds, fairnessThresholds, costThresholds, handoffThresholds].flatMap((make) =>
    make(summaries),
  );
}
