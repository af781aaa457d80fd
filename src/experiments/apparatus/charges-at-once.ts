import type { ExperimentOptions, LockExperiment } from '../experiment.js';
import { atOnce } from './at-once.js';
import { Trial, type TrialSettings } from './trial.js';
import type { RequestOrder } from './trial-request.js';
import { WorstMoments } from './worst-moments.js';

/** Requests R1, R2, … charge one wallet at once, all in the same order of steps. */
export function chargesAtOnce(order: RequestOrder): LockExperiment['run'] {
  return async (servers, options = {}) => {
    const { requests = 3 } = options;
    await using trial = await Trial.open(servers, atTheWorst(requests, options));
    const names = Array.from({ length: requests }, (_, i) => `R${i + 1}`);
    await atOnce(names.map((name) => trial.send(name, order)));
    return [await trial.report(`${requests} charges at once`)];
  };
}

/** A trial in which each request is held back where it does most harm. */
export function atTheWorst(
  requests: number,
  { patienceMs = 200 }: ExperimentOptions,
): TrialSettings {
  return { connections: requests, moments: new WorstMoments(requests, patienceMs) };
}
