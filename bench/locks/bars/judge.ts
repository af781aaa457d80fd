import type { Threshold } from '../../bar.js';
import type { Summary } from '../report/summary.js';
import { costBars } from './cost-bars.js';
import { fairnessBars } from './fairness-bars.js';
import { handoffBars } from './handoff-bars.js';
import { speedBars } from './speed-bars.js';

/** Every bar that the scenarios measured can be held to. */
export function judge(summaries: readonly Summary[]): Threshold[] {
  return [speedBars, fairnessBars, costBars, handoffBars].flatMap((bars) => bars(summaries));
}
