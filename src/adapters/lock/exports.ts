/*
 * The public names of the lock library. What is not exported here may change at any time.
 */

export type { CommandClient, SubscriberClient } from '../redis/command-client.js';
export { ClusterNodes } from '../redis/connections/cluster-nodes.js';
export { type Instant, type InstantClock, systemClock } from '../timeouts/instant.js';
export { InProcessLock } from './in-process-lock.js';
export { FallingBackLock } from './layers/1-falling-back-lock.js';
export { MeasuredLock } from './layers/2-measured-lock.js';
export { ClusterLock, type SlotOwners } from './layers/3-cluster-lock.js';
export { RedisLock, type RedisLockClients } from './layers/4-redis-lock.js';
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
export { LockObserver, type WaitOutcome } from './lock-observer.js';
export type { LockSettings } from './lock-settings.js';
export {
  connectLock,
  type LockClient,
  type LockServers,
  type LockStack,
  type LockStackSettings,
  lockStack,
} from './lock-stack.js';
export type { LockStrategy, RedisLockSettings } from './redis-lock-settings.js';
export type { CohortBounds } from './waiting/lease-turns.js';
