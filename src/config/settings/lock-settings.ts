import { z } from 'zod';
import { MAX_LEASE_MS } from '../../adapters/lock/lock.js';
import type { LockObserver } from '../../adapters/lock/lock-observer.js';
import { tlsSettings } from './tls/tls-settings.js';
import { redisUrl } from './values/addresses.js';
import { count, milliseconds, servers, type Values, whole } from './values/values.js';

/** Variables of Redis and of the locks. */
export const lockSettings = {
  REDIS_URL: redisUrl.optional(),
  ...tlsSettings('REDIS'),
  REDIS_SENTINELS: servers,
  REDIS_SENTINEL_MASTER: z.string().optional(),
  REDIS_CLUSTER: servers,
  LOCK_STRATEGY: z.enum(['simple', 'spin', 'pubsub']).default('pubsub'),
  LOCK_WAIT_MS: milliseconds(10_000),
  LOCK_LEASE_MS: whole(100, MAX_LEASE_MS).default(3_000),
  LOCK_MAX_WAITERS: count(10_000),
};

type LockSettings = Values<typeof lockSettings>;

/** What is wrong with these variables together; undefined when nothing is. */
export function redisProblem(values: LockSettings): string | undefined {
  const addresses = (['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'] as const).filter(
    (name) => values[name],
  );
  if (addresses.length > 1) return `${addresses.join(', ')}: set one of them only`;
  if (!values.REDIS_SENTINELS === !values.REDIS_SENTINEL_MASTER) return undefined;
  return 'REDIS_SENTINELS, REDIS_SENTINEL_MASTER: set both or none';
}

/** The settings that every lock of this instance shares. */
export function lockSettingsOf(settings: LockSettings, observer: LockObserver) {
  return {
    waitMs: settings.LOCK_WAIT_MS,
    leaseMs: settings.LOCK_LEASE_MS,
    maxWaiters: settings.LOCK_MAX_WAITERS,
    observer,
  };
}
