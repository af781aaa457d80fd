export const POPULARITY_WINDOWS = ['5m', '10m', '1d', '7d'] as const;
export type PopularityWindow = (typeof POPULARITY_WINDOWS)[number];

/** Refreshed every few seconds; the others once a day. */
export const SHORT_WINDOWS: readonly PopularityWindow[] = ['5m', '10m'];
export const LONG_WINDOWS: readonly PopularityWindow[] = ['1d', '7d'];

/** Places of a ranking that are kept. */
export const RANKED = 100;

export interface Sold {
  readonly productId: string;
  readonly units: number;
}

/** The products most sold in a window; of equals, the lesser id first. */
export interface Ranking {
  readonly window: PopularityWindow;
  readonly computedAt: Date;
  readonly sold: readonly Sold[];
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** How long a sale counts in each window, and the buckets that the window is made of. */
export const WINDOWS = {
  '5m': { lengthMs: 300 * SECOND, bucketMs: 10 * SECOND },
  '10m': { lengthMs: 600 * SECOND, bucketMs: 10 * SECOND },
  '1d': { lengthMs: 24 * HOUR, bucketMs: HOUR },
  '7d': { lengthMs: 7 * 24 * HOUR, bucketMs: HOUR },
} as const satisfies Record<PopularityWindow, object>;

/** From (inclusive) one time until (exclusive) another, both at the edge of a bucket. */
export interface SalesSpan {
  readonly from: Date;
  readonly until: Date;
  readonly bucketMs: number;
}

/** The bucket of `asOf`, and those that reach back from its beginning for the window's length. */
export function spanOf(window: PopularityWindow, asOf: Date): SalesSpan {
  const { lengthMs, bucketMs } = WINDOWS[window];
  const running = bucketOf(asOf, bucketMs);
  return {
    from: new Date(running - lengthMs),
    until: new Date(running + bucketMs),
    bucketMs,
  };
}

/** The beginning of the bucket that holds the time, in milliseconds since the epoch. */
export function bucketOf(time: Date, bucketMs: number): number {
  return Math.floor(time.getTime() / bucketMs) * bucketMs;
}
