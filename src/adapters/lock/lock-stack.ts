import { ClusterLock, type SlotOwners } from './cluster-lock.js';
import { FallingBackLock } from './decorators/falling-back-lock.js';
import { MeasuredLock } from './decorators/measured-lock.js';
import type { Lock } from './lock.js';
import { RedisLock, type RedisLockClients } from './redis-lock.js';
import { type RedisLockSettings, redisLockSettings } from './redis-lock-settings.js';
import type { CohortBounds } from './strategies/cohort.js';
import { CohortLock } from './strategies/cohort-lock.js';

/** The connections of one Redis, or the servers of a Redis Cluster. */
export type LockServers = RedisLockClients | SlotOwners;

export interface LockStack {
  /** The whole stack. */
  readonly lock: Lock;
  /** Its bottom: the lock on Redis by itself, which fails when Redis cannot be reached. */
  readonly redis: Lock;
  /** Refuses all waiters and releases all leases. The owner of the connections closes those later. */
  close(): Promise<void>;
}

/**
 * The whole stack of a lock on Redis, from the bottom to the top:
 *
 * 1. RedisLock or ClusterLock: takes the keys in Redis; the strategy says how it waits for keys that
 *    others hold.
 * 2. CohortLock, with the strategy `pubsub` only: passes a lease on to waiters of this process in
 *    memory.
 * 3. MeasuredLock: reports waits and leases to the observer of the settings.
 * 4. FallingBackLock: grants unguarded leases while Redis cannot be reached.
 */
export function lockStack(
  servers: LockServers,
  chosen: Partial<RedisLockSettings & CohortBounds> = {},
): LockStack {
  const settings = redisLockSettings(chosen);
  const { clock, observer, strategy } = settings;
  const redis =
    'ownerOf' in servers ? new ClusterLock(servers, settings) : new RedisLock(servers, settings);
  // Waiters that spin ask Redis themselves, so a lease passed on in memory would not reach them.
  const local = strategy === 'pubsub' ? new CohortLock(redis, { ...chosen, ...settings }) : redis;
  const measured = new MeasuredLock(local, observer, clock);
  const lock = new FallingBackLock(measured, observer);
  return { lock, redis, close: () => redis.close() };
}
