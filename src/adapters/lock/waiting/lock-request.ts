import { type AcquireOptions, MAX_LEASE_MS, MAX_LOCK_KEYS } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';

/** An acquire with its keys sorted, without duplicates, and every default filled in. */
export interface LockRequest {
  readonly keys: readonly string[];
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly signal: AbortSignal | undefined;
  /**
   * How many fencing tokens the lease reserves. Such a lease serves this acquire only. Undefined: the
   * acquire may get a turn of a lease that serves others too.
   */
  readonly tokens?: number;
}

/**
 * Checks an acquire before anything is sent.
 *
 * @throws TypeError no key, too many keys, an invalid key, or an invalid lease
 * @throws the reason of the signal, when it has aborted already
 */
export function lockRequest(
  keys: readonly string[],
  options: AcquireOptions | undefined,
  settings: LockSettings,
): LockRequest {
  options?.signal?.throwIfAborted();
  const leaseMs = options?.leaseMs ?? settings.leaseMs;
  // Scripts and queues write a lease as an integer.
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1 || leaseMs > MAX_LEASE_MS) {
    throw new TypeError(`leaseMs: ${leaseMs}`);
  }
  return {
    keys: sortedKeys(keys),
    waitMs: options?.waitMs ?? settings.waitMs,
    leaseMs,
    signal: options?.signal,
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
