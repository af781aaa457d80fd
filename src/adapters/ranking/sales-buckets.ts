import { bucketOf, type SalesSpan, WINDOWS } from '../../domain/popularity.js';

/** The two sizes of buckets: for the short windows, and for the long. */
const SHORT = WINDOWS['10m'];
const LONG = WINDOWS['7d'];

/** How long a bucket outlives the last window that shows it, for clocks that differ. */
const SLACK_BUCKETS = 3;

/** One slot of a cluster, since a script adds up many of them. */
const key = (name: string) => `popular:{sales}:${name}`;

export const REBUILD = key('rebuild');
export const BUILT_ON = key('built-on');
export const SCRATCH = key('scratch');

const bucketKey = (bucketMs: number, start: number) => key(`sold:${bucketMs}:${start}`);
const knownKey = (start: number) => key(`known:${start}`);

/** The keys of a sale at this time, and when each expires, in milliseconds since the epoch. */
export function keysOfSale(soldAt: Date) {
  const short = bucketOf(soldAt, SHORT.bucketMs);
  const long = bucketOf(soldAt, LONG.bucketMs);
  return {
    keys: [knownKey(long), bucketKey(SHORT.bucketMs, short), bucketKey(LONG.bucketMs, long)],
    // What is known of a payment must not end before the last bucket that counts it.
    expireAt: [expiry(LONG, long), expiry(SHORT, short), expiry(LONG, long)],
  };
}

/** The buckets of a span. */
export function bucketsOf({ from, until, bucketMs }: SalesSpan): string[] {
  return starts(from.getTime(), until.getTime(), bucketMs).map((at) => bucketKey(bucketMs, at));
}

/** Every bucket there may be at this time, and what is known of their payments. */
export function everyKey(now: Date): string[] {
  const short = reach(SHORT, now).map((start) => bucketKey(SHORT.bucketMs, start));
  const long = reach(LONG, now);
  return [
    ...short,
    ...long.map((start) => bucketKey(LONG.bucketMs, start)),
    ...long.map((start) => knownKey(start)),
  ];
}

interface Shape {
  readonly lengthMs: number;
  readonly bucketMs: number;
}

function expiry({ lengthMs, bucketMs }: Shape, start: number): number {
  return start + lengthMs + SLACK_BUCKETS * bucketMs;
}

function reach({ lengthMs, bucketMs }: Shape, now: Date): number[] {
  const slack = 2 * SLACK_BUCKETS * bucketMs;
  const running = bucketOf(now, bucketMs);
  return starts(running - lengthMs - slack, running + slack, bucketMs);
}

function starts(from: number, until: number, bucketMs: number): number[] {
  return Array.from({ length: (until - from) / bucketMs }, (_, i) => from + i * bucketMs);
}
