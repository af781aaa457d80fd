/** How much is measured, and how long. Durations are in milliseconds. */
export interface ReportPlan {
  /** Order lines of each database, in ascending sequence. The loads use the last one. */
  readonly sizes: readonly number[];
  /** Concurrent requests. */
  readonly connections: number;
  readonly repetitions: number;
  readonly warmMs: number;
  readonly measureMs: number;
  /** Products that the loads read again and again. */
  readonly hotProducts: number;
  /** Time for the timing of one read. */
  readonly timingMs: number;
  /** Number of writes with a write intent, and the same number without. */
  readonly writes: number;
  /** Settings of the instances that differ from the defaults. */
  readonly settings: Readonly<Record<string, string>>;
}

const SMALLEST = 1_000;

/** Returns `SMALLEST` times the powers of ten below `max`, and then `max` itself. */
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
    // In a new Redis the cache stores nothing for the life of a write intent, so it is made short.
    settings: { CACHE_HOLD_OFF_MS: '3000', DB_QUERY_MS: '2000' },
  };
}
