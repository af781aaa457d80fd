/** Bounds of one run, so that it ends soon and takes little of the instance; the page shows them too. */
export const MAX_REQUESTS = 8;
export const MAX_HOLD_MS = 1_000;

/** Most buyers of one flash sale. */
export const MAX_BUYERS = 1_000;
