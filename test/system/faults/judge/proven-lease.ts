import type { FuzzEvent } from '../fuzz/event-log.js';
import type { FuzzRecord, Span } from '../fuzz/fuzz-record.js';

/**
 * A lease of the lock service, for the time in which it was certainly held: from the return of the
 * acquire to the last moment before a check that passed. A lease without a passed check was over
 * when it was granted, so nobody held it.
 */
export interface ProvenLease extends Span {
  readonly process: string;
  readonly key: string;
  readonly token: number;
}

/**
 * By key, in the order in which they began. Row locks are left out, because they belong to the
 * database.
 */
export function leasesOf({ processes }: FuzzRecord): ReadonlyMap<string, readonly ProvenLease[]> {
  const all = processes.flatMap(({ name, events }) => ofProcess(name, events));
  return Map.groupBy(
    all.sort((a, b) => a.from - b.from),
    ({ key }) => key,
  );
}

function ofProcess(process: string, events: readonly FuzzEvent[]): ProvenLease[] {
  const keys = new Map<number, readonly string[]>();
  const last = new Map<number, number>();
  for (const event of events) {
    if (event.event === 'asked') keys.set(event.acquire, event.keys);
    if (event.event === 'held') last.set(event.acquire, event.at);
  }
  return events.flatMap((event) => {
    if (event.event !== 'granted' || event.by !== 'lock') return [];
    const { acquire, token, at: from } = event;
    const to = last.get(acquire);
    if (to === undefined) return [];
    return (keys.get(acquire) ?? []).map((key) => ({ process, key, token, from, to }));
  });
}

/**
 * Whether a lease from before a loss may still be valid at this moment or in this span. A lock
 * service that lost its data grants the same keys again, and the old leases end by themselves.
 */
export function isExcused({ from, to }: Span, { losses, leaseMs }: FuzzRecord): boolean {
  return losses.some((loss) => from >= loss.from && to <= loss.from + leaseMs);
}

export function describeLease({ process, token, from, to }: ProvenLease): string {
  return `process ${process} by token ${token} from ${from.toFixed(1)} to ${to.toFixed(1)} ms`;
}
