import { type WriteIntent, WriteIntentExpiredError } from '../../../domain/ports/cache-port.js';
import { hasPassed, type Moment } from '../cache-clock.js';
import type { HeldOff } from '../protocol/cache-scripts.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

/** A hold-off that Redis keeps for a write of this instance. */
export function holdOffOf(
  heldOff: HeldOff,
  since: Moment,
  settings: RedisCacheSettings,
  /** The life of Redis by which this instance is in step now. */
  genesisNow: () => string | undefined,
  end: WriteIntent['end'],
): WriteIntent {
  const { holdOffMs, commitMs, clock } = settings;
  return {
    number: heldOff.number,
    end,
    assertStanding: () => {
      if (hasPassed(holdOffMs - commitMs, since, clock.now())) {
        throw ended('the transaction took too long');
      }
      // Redis may have lost it, and readers may be filling the cache again.
      if (genesisNow() !== heldOff.genesis) throw ended('the connection was lost meanwhile');
    },
  };
}

function ended(why: string): WriteIntentExpiredError {
  return new WriteIntentExpiredError('redis', new Error(why));
}
