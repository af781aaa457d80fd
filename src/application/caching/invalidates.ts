import type { WrittenThrough } from '../../domain/ports/cache-port.js';
import type { Invalidations, UnitOptions } from '../../domain/ports/unit-of-work.js';

/**
 * Declares the cached resources that the work of a unit changes, as a part of its options:
 * `run({ locks, ...invalidates([productKey(id)]) }, work)`. `writesThrough` makes new entries from the
 * outcome; they are in the cache when the write is answered.
 */
export function invalidates<T>(
  resources: readonly string[],
  writesThrough?: (outcome: T) => readonly WrittenThrough[],
): Pick<UnitOptions<T>, 'invalidates'> {
  const invalidations: Invalidations<T> = { resources, ...(writesThrough && { writesThrough }) };
  return { invalidates: invalidations };
}
