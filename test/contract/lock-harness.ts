import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Lock } from '../../src/adapters/lock/lock.js';
import type { LockSettings } from '../../src/adapters/lock/lock-settings.js';
import type { RedisLockSettings } from '../../src/adapters/lock/redis-lock-settings.js';

/** What a test can see and do in the lock service. */
export interface LockServiceProbe {
  /** How many processes the service's queue for a key contains. */
  queued(key: string): Promise<number>;
  /** The service loses its leases on these keys, and no process learns of it. */
  forget(keys: readonly string[]): Promise<void>;
  /** Requests the service has served so far. */
  requests(): Promise<number>;
  /** Process a dies at once, with its leases and its waiters. */
  crashA(): void;
}

/** Two locks on the same keys, in one process or in two. */
export interface LockHarness {
  readonly a: Lock;
  readonly b: Lock;
  /** Absent for a lock in memory. */
  readonly service?: LockServiceProbe;
  /** Resolves when as many acquires wait as the test has started. */
  settled(key: string, processes: number): Promise<void>;
  close(): Promise<void>;
}

/** Settings that the cases use. An adapter without `requeueDelayMs` may ignore it. */
type ContractSettings = LockSettings & Pick<RedisLockSettings, 'requeueDelayMs'>;

export type MakeLocks = (settings?: Partial<ContractSettings>) => Promise<LockHarness>;

/** How waiters are served. fifo: in arrival order; unordered: each at some time; none: no wait. */
export type WaitingOrder = 'fifo' | 'unordered' | 'none';

/** Which promises an adapter makes. */
export interface LockCapabilities {
  readonly waiting: WaitingOrder;
  /** Where the locks are: in the process, or in a service that one or two processes use. */
  readonly storage: 'in process' | 'service, one process' | 'service, two processes';
}

/** The error that an acquire rejects with. Fails the test when the acquire is granted. */
export async function refusalOf(acquire: Promise<unknown>): Promise<Error> {
  try {
    await acquire;
  } catch (error) {
    return error as Error;
  }
  return expect.fail('the lease was granted');
}

/** Whether the promise is unsettled after `ms`. */
export async function isPending(promise: Promise<unknown>, ms = 25): Promise<boolean> {
  const open = Symbol('open');
  const settled = promise.then(
    () => undefined,
    () => undefined,
  );
  return (await Promise.race([settled, delay(ms, open)])) === open;
}

/**
 * Repeats a case that needs renewals with longer leases: a machine that stops for longer than a lease
 * loses it, which is no failure of the lock.
 */
export async function withAnyLease(attempt: (leaseMs: number) => Promise<void>): Promise<void> {
  for (const leaseMs of [400, 1_600]) {
    try {
      return await attempt(leaseMs);
    } catch {
      // The last attempt decides.
    }
  }
  await attempt(6_400);
}

/** Blocks the whole process, as a debugger or a garbage collection does. */
export function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
