import type { AnyRoute } from '../route.js';

/**
 * Proxies and clients may store the response, but must revalidate it before each use; a 304 makes
 * that cheap. They do not receive the invalidations of this service.
 */
export const REVALIDATED = 'public, no-cache';

/** The `Cache-Control` header (RFC 9111, section 5.2.2) of every response of a route. */
export function cacheControlOf(route: AnyRoute): string {
  if (route.access !== 'anyone') return 'private, no-store';
  return route.cache ? REVALIDATED : 'no-store';
}
