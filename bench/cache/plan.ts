/** How often and how long each figure is measured. Durations are in milliseconds. */
export interface Plan {
  /** Repetitions of all figures, each in new processes. */
  readonly rounds: number;
  /** How often the contestant and its floor are measured alternately, for `sliceMs` each. */
  readonly slices: number;
  readonly sliceMs: number;
  /**
   * How often the contestants write in turn in each round. The speed of a shared machine changes within
   * a minute, so a turn of all contestants is shorter.
   */
  readonly turns: number;
  /** Writes in a turn that another process has to see, after a warm-up. */
  readonly writes: number;
  readonly stampedes: number;
  /** How often each stale scenario is tried. */
  readonly tries: number;
  /** A reader that still answers with the old value this long after the write counts as stale. */
  readonly staleAfterMs: number;
}

export const FULL_PLAN: Plan = {
  rounds: 3,
  slices: 12,
  sliceMs: 80,
  turns: 4,
  writes: 250,
  stampedes: 5,
  tries: 5,
  staleAfterMs: 3_000,
};

export const QUICK_PLAN: Plan = {
  rounds: 1,
  slices: 10,
  sliceMs: 30,
  turns: 1,
  writes: 100,
  stampedes: 1,
  tries: 5,
  staleAfterMs: 1_500,
};

/** Concurrent reads in the measurement of L2 hits. */
export const CONCURRENT = 64;
/** Readers in each of two instances that read one cold key at once. */
export const STAMPEDING_READERS = 500;
export const STAMPEDE_LOAD_MS = 50;
