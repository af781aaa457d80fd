import { setTimeout as pause } from 'node:timers/promises';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Lease, LockPort } from '../../../domain/ports/lock-port.js';
import type { OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import {
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import type { FailureReport } from '../failure-report.js';
import { NestingGuard } from '../nesting-guard.js';
import { DEFAULT_RETRY, type RetryPolicy } from '../retry-policy.js';
import { silentUnitOfWorkObserver } from '../unit-of-work-observer.js';
import { UnitWriteIntent } from '../unit-write-intent.js';

/**
 * Lock, transaction, work, check of the lease and of the cache, commit, release: in this order.
 *
 * A transaction that begins before the lock reads a snapshot from before the previous holder's
 * commit. A lock that is released before the commit lets the next holder read old rows. The lock
 * comes first, so a unit that waits for it holds no database connection. The write intent in the
 * cache is requested while the transaction begins, so it costs no time. No commit is sent before the
 * cache has confirmed it.
 */
export class LockedUnitOfWork extends UnitOfWork {
  constructor(
    private readonly locks: LockPort,
    private readonly transactions: TransactionPort,
    private readonly cache: CachePort,
    private readonly report: FailureReport,
    private readonly retry: RetryPolicy = DEFAULT_RETRY,
    private readonly nesting = new NestingGuard(),
    private readonly observer = silentUnitOfWorkObserver,
  ) {
    super();
  }

  override async run<T>(
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    this.nesting.assertOutside();
    for (let runs = 1; ; runs++) {
      try {
        return await this.underLock(options, work);
      } catch (error) {
        if (!(error instanceof ConcurrentUpdateError) || runs >= this.retry.attempts) throw error;
        this.observer.retried();
        await pause(Math.random() * this.retry.baseMs * 2 ** runs);
      }
    }
  }

  private async underLock<T>(
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const keys = typeof options.locks === 'function' ? await options.locks() : options.locks;
    if (keys.length === 0) return this.withWriteIntent(options, work);
    const lease = await this.locks.acquire(keys, options.signal ? { signal: options.signal } : {});
    try {
      // The client may have disconnected at the moment of the grant.
      options.signal?.throwIfAborted();
      return await this.withWriteIntent(options, work, lease);
    } finally {
      // The outcome stays the same when the release fails: the lease then expires.
      await lease.release().catch((error: unknown) => this.report('release_failed', error));
    }
  }

  private async withWriteIntent<T>(
    { invalidates, invalidated }: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
    lease?: Lease,
  ): Promise<T> {
    const intent = new UnitWriteIntent(this.cache, invalidates, this.report);
    try {
      const value = await this.inTransaction(work, intent, lease);
      const number = await intent.committed(value);
      if (number !== undefined) invalidated?.(number);
      return value;
    } catch (error) {
      await intent.failed(error);
      throw error;
    }
  }

  private async inTransaction<T>(
    work: (tx: Transaction) => Promise<T>,
    intent: UnitWriteIntent<T>,
    lease?: Lease,
  ): Promise<T> {
    const tx = await this.transactions.begin(lease?.unguardedKeys);
    try {
      const value = await this.nesting.run(() => work(tx));
      await intent.confirm();
      // Nothing may run between these checks and the commit.
      lease?.assertHeld();
      intent.assertValid();
      await tx.commit();
      this.observer.committed(1);
      return value;
    } catch (error) {
      this.observer.rolledBack(error);
      await this.rollback(tx);
      throw error;
    }
  }

  private async rollback(tx: OpenTransaction): Promise<void> {
    await tx.rollback().catch((error: unknown) => this.report('rollback_failed', error));
  }
}
