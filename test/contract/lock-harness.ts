import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Lock } from '../../src/adapters/lock/lock.js';
import type { LockSettings } from '../../src/adapters/lock/lock-settings.js';
import type { RedisLockSettings } from '../../src/adapters/lock/redis-lock-settings.js';

/** What a lock service behind the locks lets a test see and do. */
export interface LockServiceProbe {
  /** Processes that stand in the service's queue for a key. */
  standing(key: string): Promise<number>;
  /** The service loses its leases on these keys; no process is told. */
  forget(keys: readonly string[]): Promise<void>;
  /** Requests the service has served so far. */
  requests(): Promise<number>;
  /** Process a dies at once, with what it holds and whom it lets wait. */
  crashA(): void;
}

/** Two locks on the same keys: of one process, or of two. */
export interface LockHarness {
  readonly a: Lock;
  readonly b: Lock;
  /** Only of locks that a service keeps. */
  readonly service?: LockServiceProbe;
  /** Resolves when as many acquires wait as the test has started. */
  settled(key: string, processes: number): Promise<void>;
  close(): Promise<void>;
}

/** Of a lock that needs no time to stand in a queue, its own is of no matter. */
type ContractSettings = LockSettings & Pick<RedisLockSettings, 'requeueDelayMs'>;

export type MakeLockHarness = (settings?: Partial<ContractSettings>) => Promise<LockHarness>;

/** queued: in arrival order; unordered: each in the end; never: fails at once. */
export type WaitingWay = 'queued' | 'unordered' | 'never';

/** What decides which promises an adapter makes. */
export interface LockTraits {
  readonly way: WaitingWay;
  /** Where the locks are: in the process itself, or in a service for one or two processes. */
  readonly kept: 'in process' | 'for one process' | 'for two processes';
}

/** The error an acquire fails with; fails the test if it does not. */
export async function refusalOf(acquire: Promise<unknown>): Promise<Error> {
  try {
    await acquire;
  } catch (error) {
    return error as Error;
  }
  return expect.fail('the lease was granted');
}

/** Whether it is still open after a while in which anything due would have happened. */
export async function isPending(promise: Promise<unknown>, ms = 25): Promise<boolean> {
  const open = Symbol('open');
  const settled = promise.then(
    () => undefined,
    () => undefined,
  );
  return (await Promise.race([settled, delay(ms, open)])) === open;
}

/**
 * Tries a case that lives on renewals with longer and longer leases: where the machine stands still
 * for longer than one lasts, it is lost, and rightly so.
 */
export async function withAnyLease(attempt: (leaseMs: number) => Promise<void>): Promise<void> {
  for (const leaseMs of [400, 1_600]) {
    try {
      return await attempt(leaseMs);
    } catch {
      // The last one counts.
    }
  }
  await attempt(6_400);
}

/** Stops the whole process, as a debugger or a full collection would. */
export function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
