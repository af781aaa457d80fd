import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import type { Settings } from './settings.js';

/** What every lock of this instance is made with. */
export function lockSettingsOf(settings: Settings, observer: LockObserver) {
  return {
    waitMs: settings.LOCK_WAIT_MS,
    leaseMs: settings.LOCK_LEASE_MS,
    maxWaiters: settings.LOCK_MAX_WAITERS,
    observer,
  };
}
