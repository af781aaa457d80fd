import { InProcessCache } from '../../adapters/cache/in-process-cache.js';
import { LockedUnitOfWork } from '../../application/unit-of-work/locked-unit-of-work.js';
import {
  ConcurrentUpdateError,
  LeaseLostError,
  ResourceBusyError,
} from '../../domain/ports/failures.js';
import type { LockPort } from '../../domain/ports/lock-port.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Note } from './timeline.js';
import { TracedLock } from './traced-lock.js';
import type { TrialTable } from './trial-table.js';
import { TrialTransactions } from './trial-transactions.js';

/** A class of errors that a client is told of as a failure. */
export type Refusal = abstract new (...args: never[]) => Error;

const REFUSALS: readonly Refusal[] = [ResourceBusyError, ConcurrentUpdateError, LeaseLostError];

/**
 * What one request of a trial works with, each step written down.
 *
 * Lock and transaction lie open here, so that they can be taken in the wrong order; the product's
 * own unit of work stands beside them.
 */
export class TrialRequest {
  readonly locks: LockPort;
  readonly transactions: TrialTransactions;
  readonly unitOfWork: UnitOfWork;

  constructor(
    trial: TrialTable,
    lock: LockPort,
    private readonly note: Note,
  ) {
    this.locks = new TracedLock(lock, note);
    this.transactions = new TrialTransactions(trial, note);
    this.unitOfWork = new LockedUnitOfWork(
      this.locks,
      this.transactions,
      new InProcessCache(),
      (event, error) => {
        throw new Error(event, { cause: error });
      },
    );
  }

  /** Whether the request was acknowledged; false when it was told that it failed. */
  async attempt(order: RequestOrder, alsoRefuses?: Refusal): Promise<boolean> {
    try {
      await order(this);
      return true;
    } catch (error) {
      await this.transactions.rollBackOpen();
      const refusals = alsoRefuses ? [...REFUSALS, alsoRefuses] : REFUSALS;
      if (!refusals.some((kind) => error instanceof kind)) throw error;
      this.note('refused', (error as Error).message);
      return false;
    }
  }
}

/** The steps of a request, in some order. */
export type RequestOrder = (request: TrialRequest) => Promise<void>;
