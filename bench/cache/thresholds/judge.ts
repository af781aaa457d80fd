import type { Threshold } from '../../threshold.js';
import type { Outcome } from '../outcome.js';
import { latencyThresholds } from './latency-thresholds.js';
import { rateThresholds } from './rate-thresholds.js';
import { staleThresholds } from './stale-thresholds.js';
import { stampedeThresholds } from './stampede-thresholds.js';

/** Checks all promises of the cache for which figures exist. */
export function judge(outcomes: readonly Outcome[]): Threshold[] {
  return [staleThresholds, rateThresholds, latencyThresholds, stampedeThresholds].flatMap((check) =>
    check(outcomes),
  );
}
