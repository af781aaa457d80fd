/** The greatest amount of points the service counts exactly: 2^53-1. */
export const MAX_POINTS = Number.MAX_SAFE_INTEGER;
