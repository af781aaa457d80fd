import type { OpenTransaction } from '../../domain/ports/transaction-port.js';
import type { LeaseGroup, Member } from './batching/member.js';

/** How the wait for a shared lease ended. */
export type GroupOutcome = 'granted' | 'busy' | 'refused' | 'aborted' | 'unavailable';

/**
 * Receives the events of units of work, for metrics and traces. Every method does nothing unless it is
 * overridden. A shared transaction comes with the groups of units that share it.
 *
 * Called synchronously on the path of each write: an observer must be quick and must not throw.
 */
export class UnitOfWorkObserver {
  /** A unit waited `ms` for a lease that it shares with others of this process. */
  waitedInGroup(
    _ms: number,
    _outcome: GroupOutcome,
    _member: Member,
    _keys: readonly string[],
  ): void {}
  /** A transaction of this many units was committed. */
  committed(_units: number, _shared?: OpenTransaction, _groups?: readonly LeaseGroup[]): void {}
  /** A transaction was rolled back because of this error. */
  rolledBack(_error: unknown, _shared?: OpenTransaction, _groups?: readonly LeaseGroup[]): void {}
  /** A unit runs again. */
  retried(): void {}
}

export const silentUnitOfWorkObserver = new UnitOfWorkObserver();
