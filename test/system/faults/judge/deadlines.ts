import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { FuzzRecord, ProcessRecord, Span } from '../fuzz/fuzz-record.js';

/** Tolerance for a busy machine, in milliseconds. */
const GRACE_MS = 5_000;

/**
 * Every acquire ends by its deadline. The time in which its process was stopped does not count.
 * Acquires of a killed process are not judged.
 */
export function deadlines({ processes, waitMs }: FuzzRecord): Verdict {
  const lived = processes.filter(({ wasKilled }) => !wasKilled);
  const broken = lived.flatMap((process) => late(process, waitMs + GRACE_MS));
  const asked = lived.flatMap(({ events }) => events.filter(({ event }) => event === 'asked'));
  return verdictOf('every waiter settled by its deadline', asked.length, broken);
}

function late({ name, events, pauses }: ProcessRecord, allowedMs: number): string[] {
  const asked = new Map<number, number>();
  const broken: string[] = [];
  for (const event of events) {
    if (event.event === 'asked') asked.set(event.acquire, event.at);
    if (event.event !== 'granted' && event.event !== 'refused') continue;
    const span = { from: asked.get(event.acquire) ?? Number.NaN, to: event.at };
    asked.delete(event.acquire);
    const waitedMs = span.to - span.from - pausedMs(span, pauses);
    if (waitedMs <= allowedMs) continue;
    broken.push(`process ${name}: ${event.event} after ${waitedMs.toFixed(0)} ms`);
  }
  if (asked.size > 0) broken.push(`process ${name}: ${asked.size} acquires never ended`);
  return broken;
}

function pausedMs({ from, to }: Span, pauses: readonly Span[]): number {
  return pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)),
    0,
  );
}
