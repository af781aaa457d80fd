import {
  type Cached,
  type CacheEntry,
  CachePort,
  WriteIntentExpiredError as IntentExpired,
  type Load,
  type WriteIntent,
} from '../../domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { type Cache, CacheUnavailableError, WriteIntentExpiredError } from '../cache/cache.js';

/** The cache as the shop knows it: the same calls, with the shop's errors. */
export class CachePortAdapter extends CachePort {
  constructor(readonly cache: Cache) {
    super();
  }

  /** Nothing to map: here only `load` can fail, and its errors are the shop's. */
  override read(entry: CacheEntry, load: Load): Cached | Promise<Cached> {
    return this.cache.read(entry, load);
  }

  override readLocal(entry: CacheEntry): Cached | undefined {
    return this.cache.readLocal(entry);
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    const intent = await this.cache.beginWrite(resources).catch(rethrow);
    return {
      number: intent.number,
      assertValid: () => {
        try {
          intent.assertValid();
        } catch (error) {
          rethrow(error);
        }
      },
      end: (entries) => intent.end(entries).catch(rethrow),
    };
  }

  override mayExist(number: number): Promise<boolean> {
    return this.cache.mayExist(number);
  }

  override latest(): Promise<number> {
    return this.cache.latest().catch(rethrow);
  }
}

function rethrow(error: unknown): never {
  if (error instanceof WriteIntentExpiredError) throw new IntentExpired(error.where, error.cause);
  if (error instanceof CacheUnavailableError) {
    throw new DependencyUnavailableError(error.where, error.cause);
  }
  throw error;
}
