import { hasPassed, type Instant } from '../../timeouts/instant.js';
import { type WriteIntent, WriteIntentExpiredError } from '../cache.js';
import type { StoredIntent } from '../protocol/cache-scripts.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

/** A write intent of this instance that is stored in Redis. */
export function storedWriteIntent(
  intent: StoredIntent,
  since: Instant,
  settings: RedisCacheSettings,
  /** The epoch in which this instance is in sync; undefined when it is not in sync. */
  epochNow: () => string | undefined,
  end: WriteIntent['end'],
): WriteIntent {
  const { writeIntentMs, commitMs, clock } = settings;
  return {
    number: intent.number,
    end,
    assertValid: () => {
      // @plant intent-age-ignored
      if (hasPassed(writeIntentMs - commitMs, since, clock.now())) {
        throw expired('the transaction took too long');
      }
      // Redis may have lost the intent, and readers may be filling the cache again.
      // @plant lost-redis-ignored
      if (epochNow() !== intent.epoch)
        throw expired('the connection to redis was lost since the write began');
    },
  };
}

function expired(why: string): WriteIntentExpiredError {
  return new WriteIntentExpiredError(new Error(why));
}
