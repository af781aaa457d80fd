import type { WrittenThrough } from '../../domain/ports/cache-port.js';
import type { Evictions, UnitOptions } from '../../domain/ports/unit-of-work.js';

/**
 * Declares the cached resources that the work of a unit changes, as a part of its options:
 * `run({ locks, ...evicts([productKey(id)]) }, work)`. `writesThrough` makes new entries from the
 * outcome; they are in the cache when the write is answered.
 */
export function evicts<T>(
  resources: readonly string[],
  writesThrough?: (outcome: T) => readonly WrittenThrough[],
): Pick<UnitOptions<T>, 'evicts'> {
  const evictions: Evictions<T> = { resources, ...(writesThrough && { writesThrough }) };
  return { evicts: evictions };
}
