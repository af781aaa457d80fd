import { defaultLockSettings, type LockSettings } from './lock-settings.js';
import { type LockScriptTexts, loadLockScripts } from './protocol/lock-scripts.js';
import type { LockNames } from './protocol/redis-grant.js';
import { TokenFloor } from './protocol/token-floor.js';
import type { Backoff } from './strategies/spin-strategy.js';

/** simple: fail at once; spin: ask again until the deadline; pubsub: sleep until granted. */
export type LockStrategy = 'simple' | 'spin' | 'pubsub';

export interface RedisLockSettings extends LockSettings, LockNames {
  readonly strategy: LockStrategy;
  /** Without an answer for so long, Redis counts as down. */
  readonly commandTimeoutMs: number;
  /** While somebody waits, Redis is asked for a sign of life after so long a silence. */
  readonly heartbeatMs: number;
  /** How long a section may last before waiters of the same process stand in the queue anew. */
  readonly requeueDelayMs: number;
  readonly backoff: Backoff;
  /** Calls for one key each that go to Redis as one when they are asked for together. */
  readonly maxBatchSize: number;
  readonly scripts: LockScriptTexts;
  /** Shared by the locks of a process whose keys may move between servers. */
  readonly floor: TokenFloor;
}

export function redisLockSettings(chosen: Partial<RedisLockSettings>): RedisLockSettings {
  return {
    ...defaultLockSettings,
    strategy: 'pubsub',
    prefix: 'lockstep:lock:',
    slotTag: () => '',
    commandTimeoutMs: 300,
    heartbeatMs: 100,
    requeueDelayMs: 5,
    backoff: { firstMs: 4, longestMs: 128 },
    maxBatchSize: 64,
    scripts: chosen.scripts ?? loadLockScripts(),
    floor: new TokenFloor(),
    ...chosen,
  };
}
