import type { Threshold } from '../../threshold.js';
import type { Outcome } from '../outcome.js';
import { latencyBars } from './latency-bars.js';
import { rateBars } from './rate-bars.js';
import { staleBars } from './stale-bars.js';
import { stampedeBars } from './stampede-bars.js';

/** Checks all promises of the cache for which figures exist. */
export function judge(outcomes: readonly Outcome[]): Threshold[] {
  return [staleBars, rateBars, latencyBars, stampedeBars].flatMap((bars) => bars(outcomes));
}
