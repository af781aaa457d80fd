import { percentile } from '../../../../bench/statistics.js';
import { figure, type Table } from '../../../../bench/table.js';
import { longestGapMs } from '../judge/progress.js';
import type { FuzzEvent } from './event-log.js';
import type { FuzzRecord } from './fuzz-record.js';

/** Figures of a run, for the report. */
export function fuzzFigures(record: FuzzRecord): Table {
  const events = record.processes.flatMap(({ events }) => events);
  const committed = count(events, ({ event }) => event === 'committed');
  const seconds = (record.span.to - record.span.from) / 1_000;
  const waits = record.processes.flatMap(({ events }) => waitsOf(events));
  const reasons = events.flatMap((event) =>
    event.event === 'failed' ? [event.reason.split(':')[0] ?? ''] : [],
  );
  const refusals = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [
    `units that ended with ${reason}`,
    String(all.length),
  ]);
  return {
    title: 'the fuzz in figures',
    columns: ['what', 'how much'],
    rows: [
      ['units acknowledged', `${committed} (${figure(committed / seconds)}/s)`],
      ...refusals,
      ['leases of the lock', String(count(events, (event) => isGrant(event, 'lock')))],
      ['units under row locks', String(count(events, (event) => isGrant(event, 'rows')))],
      ['wait for a lock p50 / p99 / max in ms', [0.5, 0.99, 1].map(at(waits)).join(' / ')],
      ['longest time without a commit in ms', figure(longestGapMs(record))],
    ],
  };
}

function at(values: readonly number[]): (share: number) => string {
  return (share) => figure(percentile(values, share));
}

function count(events: readonly FuzzEvent[], is: (event: FuzzEvent) => boolean): number {
  return events.filter(is).length;
}

function isGrant(event: FuzzEvent, by: 'lock' | 'rows'): boolean {
  return event.event === 'granted' && event.by === by;
}

function waitsOf(events: readonly FuzzEvent[]): number[] {
  const asked = new Map<number, number>();
  return events.flatMap((event) => {
    if (event.event === 'asked') asked.set(event.acquire, event.at);
    if (event.event !== 'granted') return [];
    return [event.at - (asked.get(event.acquire) ?? event.at)];
  });
}
