/** How long and how often everything is measured. */
export interface Plan {
  /** Each in new processes. */
  readonly rounds: number;
  /** Of the contestant and of what it is compared to, by turns. */
  readonly slices: number;
  readonly sliceMs: number;
  /** Of the other process's reads, a round. */
  readonly writes: number;
  readonly stampedes: number;
  /** How often each way to serve a replaced value is tried. */
  readonly tries: number;
  /** How long after a write a reader that still answers the old value counts as stale. */
  readonly staleAfterMs: number;
}

export const FULL_PLAN: Plan = {
  rounds: 3,
  slices: 12,
  sliceMs: 80,
  writes: 300,
  stampedes: 5,
  tries: 5,
  staleAfterMs: 3_000,
};

export const QUICK_PLAN: Plan = {
  rounds: 1,
  slices: 10,
  sliceMs: 30,
  writes: 100,
  stampedes: 1,
  tries: 5,
  staleAfterMs: 1_500,
};

/** Reads under way at once where answers come from Redis. */
export const CONCURRENT = 64;
/** Of each of two instances, on one cold key. */
export const STAMPEDING_READERS = 500;
export const STAMPEDE_LOAD_MS = 50;
