import type { Threshold } from '../../threshold.js';
import type { Summary } from '../report/summary.js';
import { costBars } from './cost-thresholds.js';
import { fairnessBars } from './fairness-thresholds.js';
import { handoffBars } from './handoff-thresholds.js';
import { speedBars } from './speed-thresholds.js';

/** Every bar that the scenarios measured can be held to. */
export function judge(summaries: readonly Summary[]): Threshold[] {
  return [speedBars, fairnessBars, costBars, handoffBars].flatMap((bars) => bars(summaries));
}
