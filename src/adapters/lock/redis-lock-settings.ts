import { defaultLockSettings, type LockSettings } from './lock-settings.js';
import { type LockScriptTexts, loadLockScripts } from './protocol/lock-scripts.js';
import type { LockNames } from './protocol/redis-grant.js';
import { TokenFloor } from './protocol/token-floor.js';
import type { Backoff } from './strategies/spin-strategy.js';
import type { CohortBounds } from './waiting/lease-turns.js';
import { WaiterLimit } from './waiting/waiter-queue.js';

/**
 * How an acquire waits for keys that others hold. simple: it does not, it fails at once; spin: it asks
 * again until its deadline; pubsub: it sleeps in a queue until it is granted.
 */
export type LockStrategy = 'simple' | 'spin' | 'pubsub';

/** The turns of a lease that a process passes on, in the stack that this library recommends. */
export const COHORT_TURNS = 32;

/** `turns` and `turnsMs` have an effect with the strategy `pubsub` only. */
export interface RedisLockSettings extends LockSettings, LockNames, CohortBounds {
  readonly strategy: LockStrategy;
  /** Redis counts as down when it does not reply for so long. */
  readonly commandTimeoutMs: number;
  /** While an acquire waits, Redis gets a heartbeat request after this time without a reply. */
  readonly heartbeatMs: number;
  /** How long a lease may last before the process queues again for its other waiters. */
  readonly requeueDelayMs: number;
  readonly backoff: Backoff;
  /** Most calls for one key each that are sent to Redis as one request. */
  readonly maxBatchSize: number;
  readonly scripts: LockScriptTexts;
  /** Shared by the locks of a process whose keys may move between servers. */
  readonly floor: TokenFloor;
  /** Shared by the locks of a process, one for each server of a Redis Cluster. */
  readonly limit: WaiterLimit;
}

export function redisLockSettings(chosen: Partial<RedisLockSettings>): RedisLockSettings {
  return {
    ...defaultLockSettings,
    strategy: 'pubsub',
    turns: 1,
    turnsMs: 20,
    prefix: 'lockstep:lock:',
    slotTag: () => '',
    commandTimeoutMs: 300,
    heartbeatMs: 100,
    requeueDelayMs: 5,
    backoff: { firstMs: 4, longestMs: 128 },
    maxBatchSize: 64,
    scripts: chosen.scripts ?? loadLockScripts(),
    floor: new TokenFloor(),
    limit: new WaiterLimit(chosen.maxWaiters ?? defaultLockSettings.maxWaiters),
    ...chosen,
  };
}
