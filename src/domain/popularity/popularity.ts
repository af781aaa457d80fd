export const POPULARITY_WINDOWS = ['5m', '10m', '1d', '7d'] as const;
export type PopularityWindow = (typeof POPULARITY_WINDOWS)[number];

/** These are refreshed every few seconds, the other windows once a day. */
export const SHORT_WINDOWS: readonly PopularityWindow[] = ['5m', '10m'];
export const LONG_WINDOWS: readonly PopularityWindow[] = ['1d', '7d'];

/** How many places of a ranking are kept. */
export const RANKED = 100;

export interface Sold {
  readonly productId: string;
  readonly units: number;
}

/** The best-selling products of a window. Among equals, the smaller id is first. */
export interface Ranking {
  readonly window: PopularityWindow;
  readonly computedAt: Date;
  readonly sold: readonly Sold[];
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** How long a sale counts in each window, and the length of the window's buckets. */
export const WINDOWS = {
  '5m': { lengthMs: 300 * SECOND, bucketMs: 10 * SECOND },
  '10m': { lengthMs: 600 * SECOND, bucketMs: 10 * SECOND },
  '1d': { lengthMs: 24 * HOUR, bucketMs: HOUR },
  '7d': { lengthMs: 7 * 24 * HOUR, bucketMs: HOUR },
} as const satisfies Record<PopularityWindow, object>;

/** From one time (inclusive) until another one (exclusive). Both are edges of buckets. */
export interface SalesSpan {
  readonly from: Date;
  readonly until: Date;
  readonly bucketMs: number;
}

/** The bucket that contains `asOf`, and the buckets of the window's length before it. */
export function spanOf(window: PopularityWindow, asOf: Date): SalesSpan {
  const { lengthMs, bucketMs } = WINDOWS[window];
  const running = bucketOf(asOf, bucketMs);
  return {
    from: new Date(running - lengthMs),
    until: new Date(running + bucketMs),
    bucketMs,
  };
}

/** The start of the bucket that contains the time, in milliseconds since the epoch. */
export function bucketOf(time: Date, bucketMs: number): number {
  return Math.floor(time.getTime() / bucketMs) * bucketMs;
}
