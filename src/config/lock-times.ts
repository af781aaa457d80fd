import type { Settings } from './settings.js';

/** The settings that every lock has. */
export function lockTimes(settings: Settings) {
  return {
    waitMs: settings.LOCK_WAIT_MS,
    leaseMs: settings.LOCK_LEASE_MS,
    maxWaiters: settings.LOCK_MAX_WAITERS,
  };
}
