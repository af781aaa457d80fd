/** Longest cut of the bus, and the one that the page asks for, in milliseconds. */
export const MAX_BUS_CUT_MS = 60_000;
export const BUS_CUT_MS = 10_000;

/** Pause between two snapshots, in milliseconds. */
export const SNAPSHOT_EVERY_MS = 250;
