import { MAX_LEASE_MS, MAX_LOCK_KEYS } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { ReservingOptions } from '../reserving-lock.js';
import type { CancelSignal } from './cancellation.js';

/** An acquire with its keys sorted, without duplicates, and every default filled in. */
export interface LockRequest {
  readonly keys: readonly string[];
  readonly waitMs: number;
  readonly leaseMs: number;
  /** Fencing tokens to reserve: the lease may be passed on that often. */
  readonly tokens: number;
  readonly signal: CancelSignal | undefined;
  readonly onLost: (() => void) | undefined;
}

/**
 * Checks an acquire before anything is sent.
 *
 * @throws TypeError no key, too many, a key no lock can be named by, or a lease that is too long
 * @throws the reason of the signal, when it is aborted already
 */
export function lockRequest(
  keys: readonly string[],
  options: ReservingOptions | undefined,
  settings: LockSettings,
): LockRequest {
  options?.signal?.throwIfAborted();
  const leaseMs = options?.leaseMs ?? settings.leaseMs;
  // Both scripts and queues write a lease as an integer.
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
    throw new TypeError(`leaseMs: ${leaseMs}`);
  }
  return {
    keys: sortedKeys(keys),
    waitMs: options?.waitMs ?? settings.waitMs,
    leaseMs,
    tokens: options?.tokens ?? 1,
    signal: options?.signal,
    onLost: options?.onLost,
  };
}

function sortedKeys(keys: readonly string[]): readonly string[] {
  if (keys.length === 0) throw new TypeError('a lock needs at least one key');
  for (const key of keys) {
    if (key === '' || key.includes('\n')) throw new TypeError(`not a lock key: '${key}'`);
  }
  const sorted = keys.length === 1 ? [...keys] : [...new Set(keys)].sort();
  if (sorted.length > MAX_LOCK_KEYS) {
    throw new TypeError(`a lock of ${sorted.length} keys: at most ${MAX_LOCK_KEYS}`);
  }
  return sorted;
}
