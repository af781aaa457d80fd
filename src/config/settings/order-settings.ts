import { Cron, CronPattern } from 'croner';
import { z } from 'zod';
import { Quotas } from '../../domain/orders/quotas.js';
import { count, limit, milliseconds, type Values } from './values/values.js';

/** Variables of orders, their sweeps, likes and popular items. */
export const orderSettings = {
  ORDER_PAYMENT_WINDOW_MS: milliseconds(15 * 60 * 1000),
  QUOTA_UNPAID_ORDERS: limit(500),
  QUOTA_HOLDS: limit(100),
  QUOTA_UNITS: limit(20_000),
  QUOTA_QUEUED_ORDERS: limit(500),
  EXPIRY_SWEEP_MS: milliseconds(1_000),
  SWEEPER_LEASE_MS: milliseconds(3_000),
  ORDER_REQUEST_RETENTION_MS: count(7 * 24 * 60 * 60 * 1000),
  RETENTION_SWEEP_MS: milliseconds(60_000),
  LIKES_FLUSH_MS: milliseconds(1_000),
  POPULAR_REFRESH_MS: milliseconds(2_000),
  POPULAR_DAILY_CRON: z
    .string()
    .refine(isCronPattern, { error: 'must be a cron pattern, such as 0 0 * * *' })
    .default('0 0 * * *'),
  POPULAR_TIME_ZONE: z
    .string()
    .refine(isTimeZone, { error: 'must be a time zone of the IANA database, such as Asia/Seoul' })
    .default('UTC'),
};

export function quotasOf(settings: Values<typeof orderSettings>): Quotas {
  return new Quotas({
    unpaidOrders: settings.QUOTA_UNPAID_ORDERS,
    holds: settings.QUOTA_HOLDS,
    units: settings.QUOTA_UNITS,
    queuedOrders: settings.QUOTA_QUEUED_ORDERS,
  });
}

/** False also for a pattern that names no day that ever comes, such as 30 February. */
function isCronPattern(pattern: string): boolean {
  try {
    new CronPattern(pattern);
    return new Cron(pattern, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
