import { setTimeout as delay } from 'node:timers/promises';
import type { Contestant, LoadKind } from '../contestant.js';
import type { Measure } from '../plan.js';
import { analyse, type Span } from '../report/analysis.js';
import type { Result } from '../report/result.js';
import { nowMs } from './monotonic-clock.js';
import { costBetween, parseCounters, type RedisCounters } from './redis-counters.js';
import type { ProcessLog } from './section-log.js';
import type { Worker } from './worker.js';
import type { Workers } from './workers.js';

/** The Redis and the processes of all contestants, and a separate connection that reads `INFO`. */
export interface Bench {
  readonly url: string;
  readonly workers: Workers;
  info(): Promise<string>;
}

let measurements = 0;

/** Runs one scenario with one contestant, and reads the counters of Redis before and after. */
export async function measure(
  bench: Bench,
  contestant: Contestant,
  { scenario, coldMs, warmMs, measureMs, renewEvery }: Measure,
  repetition: number,
): Promise<Result> {
  measurements += 1;
  const { id, processes, waiters, kind, sectionMs, pauseMs, once } = scenario;
  const workers = bench.workers.for(playersIn(kind, contestant), processes);
  const shape = { kind, waiters, sectionMs, pauseMs, once };
  // Each measurement has its own key, so that no lock is left there from another one.
  const key = `bench:${measurements}`;
  const order = { contestant: contestant.id, url: bench.url, key, shape };
  await Promise.all(
    workers.map((worker) => worker.open({ ...order, waiters: waiters * processes })),
  );
  const played = once
    ? await playOnce(bench, workers, measureMs)
    : await playOn(bench, workers, repetition % renewEvery === 0 ? coldMs : warmMs, measureMs);
  const { sections, ...seen } = analyse(played.logs, scenario, played.span);
  const cost = costBetween(played.before, played.after, contestant.sends);
  return {
    ...{ contestant: contestant.id, scenario: id, repetition, sections, ...seen },
    commandsPerSection: cost.commands / sections,
    roundTripsPerSection: cost.roundTrips / sections,
    redisCpuUsPerSection: (cost.cpuMs * 1000) / sections,
  };
}

/**
 * Names the processes that run a contestant. Without contention, Lockstep and the floor alternate in one
 * process: only a round trip is measured, which takes twice as long when the process and Redis run on
 * different cores.
 */
function playersIn(load: LoadKind, { id, kind }: Contestant): string {
  return load === 'uncontended' && kind !== 'peer' ? 'lockstep and floor' : id;
}

interface Play {
  readonly before: RedisCounters;
  readonly after: RedisCounters;
  readonly span: Span;
  readonly logs: readonly ProcessLog[];
}

/** Runs waiters that take the lock again and again, and measures for `measureMs` after a warm-up. */
async function playOn(
  bench: Bench,
  workers: readonly Worker[],
  warmMs: number,
  measureMs: number,
): Promise<Play> {
  for (const worker of workers) worker.go();
  await delay(warmMs);
  const before = await counters(bench);
  const from = nowMs();
  await delay(measureMs);
  const after = await counters(bench);
  const span = { from, to: nowMs() };
  return { before, after, span, logs: await stopAll(workers) };
}

/** Runs waiters that all start together and take the lock once. Ends with the last section or after `longestMs`. */
async function playOnce(
  bench: Bench,
  workers: readonly Worker[],
  longestMs: number,
): Promise<Play> {
  const before = await counters(bench);
  const from = nowMs();
  for (const worker of workers) worker.go();
  const areDone = await Promise.all(workers.map((worker) => worker.isDone(longestMs)));
  const end = nowMs();
  const after = await counters(bench);
  const logs = await stopAll(workers);
  const to = areDone.every(Boolean) ? lastLeft(logs, from) : end;
  return { before, after, span: { from, to }, logs };
}

function stopAll(workers: readonly Worker[]): Promise<ProcessLog[]> {
  return Promise.all(workers.map((worker) => worker.stop()));
}

async function counters({ info }: Bench): Promise<RedisCounters> {
  return parseCounters(await info());
}

function lastLeft(logs: readonly ProcessLog[], from: number): number {
  const lefts = logs.flatMap(({ sections }) => [...sections].filter((_, at) => at % 4 === 3));
  return lefts.reduce((last, left) => Math.max(last, left), from);
}
