import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { nowMs } from '../../locks/run/monotonic-clock.js';
import { percentile } from '../../statistics.js';
import { type Contestant, textOf } from '../contestant.js';
import type { Plan } from '../plan.js';
import { SharedValue } from './shared-value.js';

/** From the begin of a write call to the moment another process reads what it wrote. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const LEAST_GAP_MS = 4;
const WAIT_TIMEOUT_MS = 5_000;
const READY = 'ready';

/** One process: writes the versions 1, 2, … and reports when it began with each. */
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
  for (let version = 1; version <= plan.writes; version += 1) {
    await delay(LEAST_GAP_MS + Math.random() * LEAST_GAP_MS);
    begun.push(nowMs());
    await session.write(key, () => value.change(version));
  }
  return begun;
}

/** The other: reads without rest, and reports when it first read each version or a later one. */
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
  const end = performance.now() + WAIT_TIMEOUT_MS + plan.writes * LEAST_GAP_MS * 2;
  while (read.length < plan.writes && performance.now() < end) {
    const version = Number(textOf(await session.read(key)));
    for (const at = nowMs(); read.length < version; ) read.push(at);
    await turn();
  }
  return read;
}

/** What was never read counts as endless. */
export function latencyOf(begun: readonly number[], read: readonly number[]): Latency {
  const all = begun.map((at, version) => (read[version] ?? Number.POSITIVE_INFINITY) - at);
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
}
