import { isIP } from 'node:net';
import { z } from 'zod';
import { ADDRESS_GROUPS } from '../../adapters/http/admission/exempt-addresses.js';
import type { RateLimitRules } from '../../adapters/http/admission/rate-limits.js';
import { count, limit, type Values, whole } from './values/values.js';

/** Variables of the limits that protect an instance from too many requests. */
export const limitSettings = {
  RATE_LIMIT_WINDOW_MS: whole(1_000, 86_400_000)
    .refine((ms) => ms % 1_000 === 0, { error: 'must be whole seconds, such as 10000' })
    .default(10_000),
  RATE_LIMIT_ADDRESS_READS: limit(20_000),
  RATE_LIMIT_ADDRESS_WRITES: limit(5_000),
  RATE_LIMIT_USER_READS: limit(5_000),
  RATE_LIMIT_USER_WRITES: limit(1_000),
  RATE_LIMIT_EXEMPT: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every(isAddressOrGroup), {
      error:
        'must be addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, none',
    })
    .default(['loopback']),
  OPEN_WRITES_MAX_PER_USER: count(1_000),
  EVENT_LOOP_DELAY_MAX_MS: limit(500),
};

type LimitSettings = Values<typeof limitSettings>;

export function rateLimitsOf(settings: LimitSettings): RateLimitRules {
  return {
    windowMs: settings.RATE_LIMIT_WINDOW_MS,
    addressReads: settings.RATE_LIMIT_ADDRESS_READS,
    addressWrites: settings.RATE_LIMIT_ADDRESS_WRITES,
    userReads: settings.RATE_LIMIT_USER_READS,
    userWrites: settings.RATE_LIMIT_USER_WRITES,
  };
}

function isAddressOrGroup(text: string): boolean {
  if (Object.hasOwn(ADDRESS_GROUPS, text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d+$/.test(prefix) && +prefix <= (family === 4 ? 32 : 128));
}
