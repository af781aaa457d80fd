/** How much is measured, and for how long; durations in milliseconds. */
export interface ReportPlan {
  /** Order lines of each database, growing; the last one stands behind the loads. */
  readonly sizes: readonly number[];
  /** Requests under way at once. */
  readonly connections: number;
  readonly repetitions: number;
  readonly warmMs: number;
  readonly measureMs: number;
  /** Products that the loads read again and again. */
  readonly hotProducts: number;
  /** Longest time spent on timing one read. */
  readonly timingMs: number;
  /** Writes for each way of the comparison with and without a write intent. */
  readonly writes: number;
  /** Of the instances, where they are not the defaults. */
  readonly settings: Readonly<Record<string, string>>;
}

const SMALLEST = 1_000;

/** Powers of ten from the smallest to `max`, which is the last one whatever it is. */
function sizesUpTo(max: number): number[] {
  const sizes: number[] = [];
  for (let size = SMALLEST; size < max; size *= 10) sizes.push(size);
  return [...sizes, max];
}

export function fullPlan(max = 1_000_000): ReportPlan {
  return {
    sizes: sizesUpTo(max),
    ...{ connections: 16, repetitions: 5, warmMs: 300, measureMs: 1_000 },
    ...{ hotProducts: 2_000, timingMs: 400, writes: 400, settings: {} },
  };
}

export function quickPlan(max = 10_000): ReportPlan {
  return {
    sizes: sizesUpTo(max),
    ...{ connections: 8, repetitions: 1, warmMs: 50, measureMs: 150 },
    ...{ hotProducts: 100, timingMs: 20, writes: 20 },
    // With a new Redis the cache stores nothing for the life of a write intent.
    settings: { CACHE_HOLD_OFF_MS: '3000', DB_QUERY_MS: '2000' },
  };
}
