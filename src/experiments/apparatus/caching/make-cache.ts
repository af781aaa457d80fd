import type { CachePort } from '../../../domain/ports/cache-port.js';
import type { Note } from '../timeline.js';

/** Where the cache of one instance lives. */
export interface CachePlace {
  readonly redisUrl: string;
  /** Begins every name of the trial in Redis. */
  readonly prefix: string;
  /** Of the instance. */
  readonly name: string;
  readonly note: Note;
  /** Closed when the trial is over. */
  readonly resources: AsyncDisposableStack;
}

/** Makes the cache of one instance, ready to keep answers. */
export type MakeCache = (place: CachePlace) => Promise<CachePort>;

/** What the connection of an instance's bus is called in Redis. */
export function busName({ prefix, name }: Pick<CachePlace, 'prefix' | 'name'>): string {
  return `${prefix}bus:${name}`;
}
