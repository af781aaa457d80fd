import type { AcquireOptions, Lease } from '../../../src/domain/ports/lock-port.js';
import { LockPort } from '../../../src/domain/ports/lock-port.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../src/domain/ports/transaction-port.js';

/** The recorded events, in their order. */
export type Journal = string[];

/** A lock that records each step. A test can add behaviour around the steps. */
export class RecordingLock extends LockPort {
  constructor(
    private readonly inner: LockPort,
    private readonly journal: Journal,
  ) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const lease = await this.inner.acquire(keys, options);
    const { journal } = this;
    journal.push('acquired');
    const release = async () => {
      journal.push('released');
      await lease.release();
    };
    const assertHeld = () => {
      journal.push('checked');
      lease.assertHeld();
    };
    const { token, signal } = lease;
    return { keys: lease.keys, token, signal, assertHeld, release, [Symbol.asyncDispose]: release };
  }
}

/** Transactions that record when they begin and how they end. */
export class RecordingTransactions extends TransactionPort {
  constructor(
    private readonly inner: TransactionPort,
    private readonly journal: Journal,
  ) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    this.journal.push('begun');
    const tx = await this.inner.begin(rowKeys);
    return {
      ...tx,
      commit: async () => {
        await tx.commit();
        this.journal.push('committed');
      },
      rollback: async () => {
        await tx.rollback();
        this.journal.push('rolled back');
      },
    };
  }
}
