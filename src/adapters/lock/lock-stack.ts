import type { CommandClient, SubscriberClient } from '../redis/command-client.js';
import { FallingBackLock } from './layers/1-falling-back-lock.js';
import { MeasuredLock } from './layers/2-measured-lock.js';
import { ClusterLock, type SlotOwners } from './layers/3-cluster-lock.js';
import { RedisLock, type RedisLockClients } from './layers/4-redis-lock.js';
import type { Lock } from './lock.js';
import { COHORT_TURNS, type RedisLockSettings, redisLockSettings } from './redis-lock-settings.js';

/** The connections of one Redis, or the servers of a Redis Cluster. */
export type LockServers = RedisLockClients | SlotOwners;

export interface LockStackSettings extends RedisLockSettings {
  /**
   * Grant unguarded leases while Redis cannot be reached, instead of LockUnavailableError: for holders
   * that guard their data in another way then. Off unless given.
   */
  readonly unguardedWhileDown: boolean;
}

export interface LockStack {
  /** The whole stack. */
  readonly lock: Lock;
  /** The lock on Redis without layers 1 and 2, which fails when Redis cannot be reached. */
  readonly redis: Lock;
  /** Rejects all waiters and releases all leases. The owner of the connections closes those later. */
  close(): Promise<void>;
}

/**
 * The whole stack of a lock on Redis, from the outside to the inside, as the files of `layers/`:
 *
 * 1. FallingBackLock, with `unguardedWhileDown` only: grants unguarded leases while Redis cannot be
 *    reached.
 * 2. MeasuredLock: reports waits and leases to the observer of the settings.
 * 3. ClusterLock, on a Redis Cluster only: has a RedisLock for each server.
 * 4. RedisLock: takes the keys in Redis; the strategy says how it waits for keys that others hold.
 *    With `pubsub` it passes a lease on to waiters of this process, in memory.
 *
 * In the service, TracedLock (with traces) and LockPortAdapter are outside of these.
 */
export function lockStack(
  servers: LockServers,
  chosen: Partial<LockStackSettings> = {},
): LockStack {
  const settings = redisLockSettings({ turns: COHORT_TURNS, ...chosen });
  const { clock, observer } = settings;
  const redis =
    'ownerOf' in servers ? new ClusterLock(servers, settings) : new RedisLock(servers, settings);
  const measured = new MeasuredLock(redis, observer, clock);
  const lock = chosen.unguardedWhileDown ? new FallingBackLock(measured, observer) : measured;
  return { lock, redis, close: () => redis.close() };
}

/** The part of a node-redis client that connectLock needs. */
export interface LockClient extends CommandClient {
  duplicate(): SubscriberClient & { connect(): Promise<unknown>; destroy(): void };
}

/**
 * A lock on the Redis of a connected node-redis client. It opens a second connection, for the grants
 * of this process. `close` ends that one; the client stays open.
 *
 * @throws the error of the second connection
 */
export async function connectLock(
  client: LockClient,
  settings: Partial<LockStackSettings> = {},
): Promise<Lock & Pick<LockStack, 'close'>> {
  const subscriber = client.duplicate();
  // The client reports the same failures.
  subscriber.on('error', () => undefined);
  await subscriber.connect();
  const { lock, close } = lockStack({ commands: client, subscriber }, settings);
  return {
    acquire: (keys, options) => lock.acquire(keys, options),
    async close() {
      await close();
      subscriber.destroy();
    },
  };
}
