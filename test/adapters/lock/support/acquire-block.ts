import { RedisLock } from '../../../../src/adapters/lock/layers/3-redis-lock.js';
import { GrantedLease } from '../../../../src/adapters/lock/leases/granted-lease.js';
import type { AcquireOptions, Lock } from '../../../../src/adapters/lock/lock.js';
import { defaultLockSettings } from '../../../../src/adapters/lock/lock-settings.js';
import { lockRequest } from '../../../../src/adapters/lock/waiting/lock-request.js';

/**
 * A lease with several fencing tokens for one waiter, like the lease that ClusterLock takes in each
 * slot.
 */
export async function acquireBlock(
  lock: Lock,
  keys: readonly string[],
  tokens: number,
  options?: AcquireOptions,
): Promise<GrantedLease> {
  if (!(lock instanceof RedisLock)) throw new Error('no RedisLock');
  const request = lockRequest(keys, options, defaultLockSettings);
  const lease = await lock.acquireFor({ ...request, tokens });
  if (!(lease instanceof GrantedLease)) throw new Error('a turn of a lease');
  return lease;
}
