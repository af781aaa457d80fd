import type { z } from 'zod';
import type { RunRecord } from '../../adapters/http/lab/lab-schemas.js';
import { stampede } from '../scenarios/caching/stampede.js';
import type { Outcome, RunReport } from '../support/run-report.js';
import type { WaitFigures } from '../support/wait-figures.js';
import { findLostUpdates } from './lost-updates.js';

type ShownReport = z.output<typeof RunRecord>['reports'][number];

/** Most steps of one timeline that are kept. */
const MAX_STEPS = 2_000;

/** A report of an experiment as the page reads it. */
export function shownReport(
  experiment: string,
  { variant, timeline, outcome }: RunReport,
): ShownReport {
  const shown = timeline.slice(0, MAX_STEPS);
  return {
    variant,
    timeline: [...shown],
    hiddenSteps: timeline.length - shown.length,
    outcome: shownOutcome(experiment, outcome),
    lostUpdates: 'lostUpdates' in outcome ? [...findLostUpdates(timeline)] : [],
  };
}

function shownOutcome(experiment: string, outcome: Outcome): ShownReport['outcome'] {
  if ('buyers' in outcome) {
    const { buyers, sold, oversold, settledPerSecond, settledMs } = outcome;
    const figures = { buyers, sold, oversold, settledPerSecond, settledMs: [...settledMs] };
    return { kind: 'ordering', ...figures };
  }
  if ('missing' in outcome) {
    return { kind: 'money', order: outcome.order, missing: outcome.missing };
  }
  if ('answers' in outcome) {
    const { answers: readers, databaseQueries } = outcome;
    // A stampede serves no stale answer; its result is the number of queries.
    if (experiment === stampede.id) return { kind: 'load', readers, databaseQueries };
    return { kind: 'freshness', ...outcome };
  }
  const { expected, actual, lostUpdates, refused, waits } = outcome;
  const shown = waits && { waits: shownWaits(waits) };
  return { kind: 'balance', expected, actual, lostUpdates, refused, ...shown };
}

/** The waits of a way that served nobody have no percentiles, and JSON has no NaN: 0 stands for it. */
function shownWaits({ waitsMs, served, redisCommands, perSecond, ...figures }: WaitFigures) {
  const finite = (figure: number) => (Number.isFinite(figure) ? figure : 0);
  return {
    served,
    waitP50Ms: finite(figures.waitP50Ms),
    waitP99Ms: finite(figures.waitP99Ms),
    redisCommands,
    fairness: finite(figures.fairness),
    perSecond,
    waitsMs: [...waitsMs],
  };
}
