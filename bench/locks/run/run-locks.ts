import { setTimeout as delay } from 'node:timers/promises';
import type { Contestant } from '../contestant.js';
import type { Measure, Plan } from '../plan.js';
import type { Result } from '../report/result.js';
import { type Bench, measure } from './measurement.js';

/** No repetition begins after this time. The report lists what was left out. */
const BUDGET_MS = 900_000;
/** A pause for requests that the contestant before has left in Redis. */
const REST_MS = 20;

export interface LockRun {
  readonly results: readonly Result[];
  /** Scenarios and repetitions that were left out for lack of time. */
  readonly omitted: readonly string[];
}

/**
 * Runs each repetition of a scenario with all contestants, one after the other, and every second
 * repetition in reverse order. So a noisy moment of the machine does not hit only one contestant.
 */
export async function runLocks(
  bench: Bench,
  contestants: readonly Contestant[],
  plan: Plan,
  progress: (line: string) => void,
): Promise<LockRun> {
  const results: Result[] = [];
  const omitted: string[] = [];
  const end = performance.now() + BUDGET_MS;
  for (const part of plan) {
    const { scenario, repetitions, renewEvery } = part;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const name = `${scenario.id}, repetition ${repetition + 1} of ${repetitions}`;
      if (performance.now() > end) {
        omitted.push(name);
        continue;
      }
      progress(name);
      if (repetition % renewEvery === 0) await bench.workers.renew();
      results.push(...(await playAll(bench, playersOf(contestants, part), part, repetition)));
    }
  }
  return { results, omitted };
}

async function playAll(
  bench: Bench,
  players: readonly Contestant[],
  part: Measure,
  repetition: number,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const contestant of repetition % 2 === 0 ? players : players.toReversed()) {
    results.push(await measure(bench, contestant, part, repetition));
    await delay(REST_MS);
  }
  return results;
}

function playersOf(contestants: readonly Contestant[], { scenario }: Measure): Contestant[] {
  return contestants.filter(
    ({ sitsOut, kind }) =>
      !sitsOut.includes(scenario.kind) && (kind !== 'ceiling' || scenario.processes === 1),
  );
}
