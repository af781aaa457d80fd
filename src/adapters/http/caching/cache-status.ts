import type { CacheSource } from '../../../domain/ports/cache-port.js';

/** The `Cache-Status` header (RFC 9211) for each source of a response. */
export const CACHE_STATUS: Readonly<Record<CacheSource, string>> = {
  l1: 'lockstep-l1; hit',
  l2: 'lockstep-l2; hit',
  stored: 'lockstep; fwd=miss; stored',
  miss: 'lockstep; fwd=miss',
  bypass: 'lockstep; fwd=bypass',
};
