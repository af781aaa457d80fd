import type { CachePort } from '../../../domain/ports/cache-port.js';
import { type Backend, isEmbedded } from '../../experiment.js';
import type { Note } from '../timeline.js';

/** What the cache of one instance needs. */
export interface CacheBackend {
  readonly backend: Backend;
  /** Prefix of every key and channel of the run. */
  readonly prefix: string;
  /** Name of the instance. */
  readonly name: string;
  readonly note: Note;
  /** Closed at the end of the run. */
  readonly resources: AsyncDisposableStack;
}

/** Makes the cache of one instance, ready to store entries. */
export type MakeCache = (backend: CacheBackend) => Promise<CachePort>;

/** One cache for all instances, as instances of one process share it. */
export function sharedBy(makeCache: MakeCache): MakeCache {
  let made: Promise<CachePort> | undefined;
  return (backend) => {
    made ??= makeCache(backend);
    return made;
  };
}

/** @throws Error the run has no Redis */
export function redisUrlOf({ backend }: CacheBackend): string {
  if (isEmbedded(backend)) throw new Error('this cache needs a Redis');
  return backend.redisUrl;
}

/** Name of an instance's bus connection in Redis. */
export function busName({ prefix, name }: Pick<CacheBackend, 'prefix' | 'name'>): string {
  return `${prefix}bus:${name}`;
}
