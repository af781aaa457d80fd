import { InProcessCache } from '../../../adapters/cache/in-process-cache.js';
import { LockedUnitOfWork } from '../../../application/unit-of-work/layers/5-locked-unit-of-work.js';
import {
  ConcurrentUpdateError,
  LeaseLostError,
  ResourceBusyError,
} from '../../../domain/ports/failures.js';
import type { LockPort } from '../../../domain/ports/lock-port.js';
import type { UnitOfWork } from '../../../domain/ports/unit-of-work.js';
import type { Note } from '../timeline.js';
import { TimelineLock } from './timeline-lock.js';
import type { WalletFixture } from './wallet-fixture.js';
import { WalletTransactions } from './wallet-transactions.js';

/** A class of errors that refuse a request. */
export type Refusal = abstract new (...args: never[]) => Error;

const REFUSALS: readonly Refusal[] = [ResourceBusyError, ConcurrentUpdateError, LeaseLostError];

/**
 * The lock, the transactions and the unit of work of one request; each step is recorded.
 *
 * A scenario can use lock and transaction directly, and so take them in the wrong order. The
 * product's own unit of work is here too.
 */
export class TimelineRequest {
  readonly locks: LockPort;
  readonly transactions: WalletTransactions;
  readonly unitOfWork: UnitOfWork;

  constructor(
    fixture: WalletFixture,
    lock: LockPort,
    private readonly note: Note,
  ) {
    this.locks = new TimelineLock(lock, note);
    this.transactions = new WalletTransactions(fixture, note);
    this.unitOfWork = new LockedUnitOfWork(
      this.locks,
      this.transactions,
      new InProcessCache(),
      (event, error) => {
        throw new Error(event, { cause: error });
      },
    );
  }

  /** Returns whether the request was acknowledged; false when it was refused. */
  async attempt(order: StepOrder, alsoRefuses?: Refusal): Promise<boolean> {
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

/** The steps of a request, in the order that a scenario shows. */
export type StepOrder = (request: TimelineRequest) => Promise<void>;
