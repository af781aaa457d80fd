/*
 * The public names of the lock library. What is not exported here may change at any time.
 */

export type { CommandClient, SubscriberClient } from '../redis/command-client.js';
export { ClusterNodes } from '../redis/connections/cluster-nodes.js';
export { ClusterLock, type SlotOwners } from './cluster-lock.js';
export { FallingBackLock } from './decorators/falling-back-lock.js';
export { LockObserver, type WaitOutcome } from './decorators/lock-observer.js';
export { MeasuredLock } from './decorators/measured-lock.js';
export { InProcessLock } from './in-process-lock.js';
export { type Instant, type LockClock, systemClock } from './leases/lock-clock.js';
export {
  type AcquireOptions,
  type Lease,
  LeaseLostError,
  Lock,
  LockBusyError,
  LockUnavailableError,
  MAX_LEASE_MS,
  MAX_LOCK_KEYS,
} from './lock.js';
export type { LockSettings } from './lock-settings.js';
export {
  connectLock,
  type LockClient,
  type LockServers,
  type LockStack,
  type LockStackSettings,
  lockStack,
} from './lock-stack.js';
export { RedisLock, type RedisLockClients } from './redis-lock.js';
export type { LockStrategy, RedisLockSettings } from './redis-lock-settings.js';
export { type ReservedLease, ReservingLock, type ReservingOptions } from './reserving-lock.js';
export type { CohortBounds } from './strategies/cohort.js';
export { CohortLock } from './strategies/cohort-lock.js';
