import type { CachePort } from '../../../domain/ports/cache-port.js';
import type { Note } from '../timeline.js';

/** What the cache of one instance needs. */
export interface CachePlace {
  readonly redisUrl: string;
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

/** Name of an instance's bus connection in Redis. */
export function busName({ prefix, name }: Pick<CachePlace, 'prefix' | 'name'>): string {
  return `${prefix}bus:${name}`;
}
