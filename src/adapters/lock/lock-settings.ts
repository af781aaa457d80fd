import { type InstantClock, systemClock } from '../timeouts/instant.js';
import { type LockObserver, silentObserver } from './lock-observer.js';

/** The settings of every lock; durations in milliseconds. */
export interface LockSettings {
  /** Longest wait of an acquire that names none. */
  readonly waitMs: number;
  /** Lease of an acquire that names none. */
  readonly leaseMs: number;
  /** How many acquires of this process may wait at once; the next one is refused. */
  readonly maxWaiters: number;
  readonly clock: InstantClock;
  readonly observer: LockObserver;
}

export const defaultLockSettings: LockSettings = {
  waitMs: 10_000,
  leaseMs: 10_000,
  maxWaiters: 10_000,
  clock: systemClock,
  observer: silentObserver,
};
