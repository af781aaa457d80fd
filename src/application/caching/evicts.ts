import type { WrittenThrough } from '../../domain/ports/cache-port.js';
import type { Evictions, UnitOptions } from '../../domain/ports/unit-of-work.js';

/**
 * Declares, as a part of a unit's options, the cached resources its work changes:
 * `run({ locks, ...evicts([productKey(id)]) }, work)`. With `writesThrough`, what it makes of the
 * outcome is in the cache when the write is answered.
 */
export function evicts<T>(
  resources: readonly string[],
  writesThrough?: (outcome: T) => readonly WrittenThrough[],
): Pick<UnitOptions<T>, 'evicts'> {
  const evictions: Evictions<T> = { resources, ...(writesThrough && { writesThrough }) };
  return { evicts: evictions };
}
