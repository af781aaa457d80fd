import { type LockObserver, silentObserver } from './decorators/lock-observer.js';
import { type LockClock, systemClock } from './leases/lock-clock.js';

/** What every lock adapter lets its composer choose; durations in milliseconds. */
export interface LockSettings {
  /** Longest wait of an acquire that names none. */
  readonly waitMs: number;
  /** Lease of an acquire that names none. */
  readonly leaseMs: number;
  /** Acquires of this process that may wait at once; the next is refused. */
  readonly maxWaiters: number;
  readonly clock: LockClock;
  readonly observer: LockObserver;
}

export const defaultLockSettings: LockSettings = {
  waitMs: 10_000,
  leaseMs: 10_000,
  maxWaiters: 10_000,
  clock: systemClock,
  observer: silentObserver,
};
