import type { LockPort } from '../../domain/ports/lock-port.js';
import type { TransactionPort } from '../../domain/ports/transaction-port.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { UnitOfWorkObserver } from './unit-of-work-observer.js';

/** What the units of work share, and what receives their events. */
export interface SharedParts {
  readonly transactions: TransactionPort;
  readonly observer: UnitOfWorkObserver;
}

/**
 * Wraps parts of the stack so that they record spans. A lease or a transaction that one unit has alone
 * is wrapped by itself. Those that several units share are reported to the observer, which knows the
 * units.
 */
export interface UnitOfWorkTracing {
  locks(inner: LockPort): LockPort;
  transactions(inner: TransactionPort): TransactionPort;
  shared(inner: SharedParts): SharedParts;
  /** Stands directly above `BatchingUnitOfWork`: the work that it passes on is that of a member. */
  units(inner: UnitOfWork): UnitOfWork;
}
