import type { AnyRoute } from '../route.js';

/**
 * May be kept on the way and at the client, but is asked for anew each time, which a 304 makes
 * cheap: no cache out there hears of our invalidations.
 */
export const REVALIDATED = 'public, no-cache';

/** What `Cache-Control` (RFC 9111, section 5.2.2) says on every answer of a route. */
export function cacheControlOf(route: AnyRoute): string {
  if (route.access !== 'anyone') return 'private, no-store';
  return route.cache ? REVALIDATED : 'no-store';
}
