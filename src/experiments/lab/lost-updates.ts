import type { TimelineEvent } from '../support/timeline.js';

/** A committed update that another request overwrote without having read it. */
export interface LostUpdate {
  /** The request whose update was lost. */
  readonly lost: string;
  /** The request that overwrote it. */
  readonly by: string;
  /** The value that `by` had read, and the time of the snapshot from which it was read. */
  readonly readValue: number;
  readonly readAtMs: number;
  readonly snapshotAtMs: number;
  /** The value that `lost` had committed, and when. */
  readonly lostValue: number;
  readonly lostCommitAtMs: number;
  /** When the commit of `by` replaced it, and with which value. */
  readonly writtenValue: number;
  readonly overwrittenAtMs: number;
}

/** One transaction that read, wrote and committed. */
interface Update {
  readonly request: string;
  readonly snapshotAtMs: number;
  readonly readAtMs: number;
  readonly readValue: number;
  readonly writtenValue: number;
  readonly committedAtMs: number;
}

/**
 * Finds each lost update in the steps of a run on one row.
 *
 * An update is lost when a later commit is based on a snapshot from before it. Times alone could
 * name too many updates: a commit is recorded when its answer arrived, so another request may have
 * seen it before. So the other request must also have read a value that differs from the committed
 * one.
 */
export function findLostUpdates(timeline: readonly TimelineEvent[]): readonly LostUpdate[] {
  const updates = updatesOf(timeline).toSorted((a, b) => a.committedAtMs - b.committedAtMs);
  const known = new Set<Update>();
  return updates.flatMap((by, i) => {
    const lost = updates.slice(0, i).filter((one) => !known.has(one) && isOverwritten(one, by));
    for (const one of lost) known.add(one);
    return lost.map((one) => describe(one, by));
  });
}

function isOverwritten(one: Update, by: Update): boolean {
  return by.snapshotAtMs < one.committedAtMs && by.readValue !== one.writtenValue;
}

function describe(one: Update, by: Update): LostUpdate {
  return {
    lost: one.request,
    by: by.request,
    readValue: by.readValue,
    readAtMs: by.readAtMs,
    snapshotAtMs: by.snapshotAtMs,
    lostValue: one.writtenValue,
    lostCommitAtMs: one.committedAtMs,
    writtenValue: by.writtenValue,
    overwrittenAtMs: by.committedAtMs,
  };
}

function updatesOf(timeline: readonly TimelineEvent[]): Update[] {
  return [...Map.groupBy(timeline, ({ request }) => request).values()].flatMap(updatesOfRequest);
}

/** A request may try again after a rollback, so it can have several transactions. */
function updatesOfRequest(events: readonly TimelineEvent[]): Update[] {
  const updates: Update[] = [];
  let seen: Partial<Record<TimelineEvent['step'], TimelineEvent>> = {};
  for (const event of events) {
    seen = { ...seen, [event.step]: event };
    if (event.step !== 'committed' && event.step !== 'rolled back') continue;
    const { read, written, begun } = seen;
    seen = {};
    if (event.step === 'rolled back' || !read || !written) continue;
    updates.push({
      request: event.request,
      snapshotAtMs: Math.min(begun?.atMs ?? read.atMs, read.atMs),
      readAtMs: read.atMs,
      readValue: Number(read.detail),
      writtenValue: Number(written.detail),
      committedAtMs: event.atMs,
    });
  }
  return updates;
}
