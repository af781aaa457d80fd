import type { CachePort } from '../../../domain/ports/cache-port.js';
import { isEmbedded, type Place } from '../../experiment.js';
import type { Note } from '../timeline.js';

/** What the cache of one instance needs. */
export interface CachePlace {
  readonly place: Place;
  /** Prefix of every key and channel of the run. */
  readonly prefix: string;
  /** Name of the instance. */
  readonly name: string;
  readonly note: Note;
  /** Closed at the end of the run. */
  readonly resources: AsyncDisposableStack;
}

/** Makes the cache of one instance, ready to store entries. */
export type MakeCache = (place: CachePlace) => Promise<CachePort>;

/** One cache for all instances, as instances of one process share it. */
export function sharedBy(makeCache: MakeCache): MakeCache {
  let made: Promise<CachePort> | undefined;
  return (place) => {
    made ??= makeCache(place);
    return made;
  };
}

/** @throws Error the run has no Redis */
export function redisUrlOf({ place }: CachePlace): string {
  if (isEmbedded(place)) throw new Error('this cache needs a Redis');
  return place.redisUrl;
}

/** Name of an instance's bus connection in Redis. */
export function busName({ prefix, name }: Pick<CachePlace, 'prefix' | 'name'>): string {
  return `${prefix}bus:${name}`;
}
