import type { CacheSource } from '../../../domain/ports/cache-port.js';

/** What `Cache-Status` (RFC 9211) says of where an answer came from. */
export const CACHE_STATUS: Readonly<Record<CacheSource, string>> = {
  l1: 'lockstep-l1; hit',
  l2: 'lockstep-l2; hit',
  stored: 'lockstep; fwd=miss; stored',
  miss: 'lockstep; fwd=miss',
  bypass: 'lockstep; fwd=bypass',
};
