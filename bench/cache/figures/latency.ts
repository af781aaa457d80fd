import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { nowMs } from '../../locks/run/monotonic-clock.js';
import { percentile } from '../../statistics.js';
import { type Contestant, textOf } from '../contestant.js';
import type { Plan } from '../plan.js';
import { SharedValue } from './shared-value.js';

/** Milliseconds from the begin of a write until another process reads the new value. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/**
 * Writes that come before those of the plan and are not counted. Both processes compile their code in
 * the first ten of them, and these took 5 to 26 ms with every contestant, so they alone made the p99.
 */
export const WARM_UP_WRITES = 100;
const LEAST_GAP_MS = 4;
const WAIT_TIMEOUT_MS = 5_000;
const READY = 'ready';

/** The writing process: writes the versions 1, 2, … and returns when it began each write. */
export async function write(
  contestant: Contestant,
  url: string,
  plan: Plan,
  key: string,
): Promise<number[]> {
  const value = await SharedValue.open(url, key);
  const ready = await SharedValue.open(url, key + READY);
  const session = await contestant.open({ url, busUrl: url, l1: 'on', load: value.load });
  const end = performance.now() + WAIT_TIMEOUT_MS;
  while ((await ready.load()) === '0' && performance.now() < end) await delay(5);
  const begun: number[] = [];
  for (let version = 1; version <= WARM_UP_WRITES + plan.writes; version += 1) {
    await delay(LEAST_GAP_MS + Math.random() * LEAST_GAP_MS);
    begun.push(nowMs());
    await session.write(key, () => value.change(version));
  }
  return begun;
}

/** The reading process: reads in a loop, and returns when it first read each version or a later one. */
export async function watch(
  contestant: Contestant,
  url: string,
  plan: Plan,
  key: string,
): Promise<number[]> {
  const value = await SharedValue.open(url, key);
  const session = await contestant.open({ url, busUrl: url, l1: 'on', load: value.load });
  for (let i = 0; i < 500; i += 1) await session.read(key);
  const ready = await SharedValue.open(url, key + READY);
  await ready.change(1);
  const read: number[] = [];
  const writes = WARM_UP_WRITES + plan.writes;
  let end = performance.now() + WAIT_TIMEOUT_MS;
  while (read.length < writes && performance.now() < end) {
    const version = Number(textOf(await session.read(key)));
    if (read.length < version) end = performance.now() + WAIT_TIMEOUT_MS;
    for (const at = nowMs(); read.length < version; ) read.push(at);
    await turn();
  }
  return read;
}

/** Leaves out the warm-up. A version that was never read counts as an infinite latency. */
export function latencyOf(begun: readonly number[], read: readonly number[]): Latency {
  const all = begun.map((at, version) => (read[version] ?? Number.POSITIVE_INFINITY) - at);
  const counted = all.slice(WARM_UP_WRITES);
  return { p50: percentile(counted, 0.5), p99: percentile(counted, 0.99) };
}
