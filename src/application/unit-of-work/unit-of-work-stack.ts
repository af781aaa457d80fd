import type { EventStream } from '../../domain/events/outbox.js';
import type { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import type { CachePort } from '../../domain/ports/cache-port.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { LockPort } from '../../domain/ports/lock-port.js';
import type { TransactionPort } from '../../domain/ports/transaction-port.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { StalenessMonitor } from '../staleness/staleness-monitor.js';
import { LeaseGroups } from './batching/lease-groups.js';
import { SharedTransactions } from './batching/shared-transactions.js';
import type { FailureReport } from './failure-report.js';
import { MonitoredUnitOfWork } from './layers/1-monitored-unit-of-work.js';
import { IdempotentUnitOfWork } from './layers/2-idempotent-unit-of-work.js';
import { EventRecordingUnitOfWork } from './layers/3-event-recording-unit-of-work.js';
import { BatchingUnitOfWork } from './layers/4-batching-unit-of-work.js';
import { LockedUnitOfWork } from './layers/5-locked-unit-of-work.js';
import { NestingGuard } from './nesting-guard.js';
import { DEFAULT_RETRY } from './retry-policy.js';
import { silentUnitOfWorkObserver, type UnitOfWorkObserver } from './unit-of-work-observer.js';
import type { UnitOfWorkTracing } from './unit-of-work-tracing.js';

/** Bounds of the leases and transactions that several units share. */
export interface BatchingSettings {
  /** Most shared transactions at once. With 1, all waiting units share the next transaction. */
  readonly maxTransactions: number;
  /** Most products of one shared transaction. */
  readonly maxProducts: number;
  /** Longest wait for a lock, in milliseconds. */
  readonly waitMs: number;
  /** Units that may wait for locks at once in this process. */
  readonly maxWaiting: number;
}

export interface UnitOfWorkParts {
  readonly locks: LockPort;
  readonly transactions: TransactionPort;
  readonly cache: CachePort;
  readonly records: IdempotencyRecords;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  /** Which events are recorded; without this all are. */
  readonly events?: Pick<EventStream, 'hasConsumer'> | undefined;
  /** Receives failures that do not change the outcome of a unit. */
  readonly report: FailureReport;
  readonly batching: BatchingSettings;
  /** Receives what happens, for metrics. */
  readonly observer?: UnitOfWorkObserver | undefined;
  /** Samples written resources; without it nothing is sampled. */
  readonly monitor?: StalenessMonitor | undefined;
  /** Without it nothing is wrapped and nothing is recorded. */
  readonly tracing?: UnitOfWorkTracing | undefined;
}

/**
 * The unit of work that every use case gets. From the outside to the inside:
 *
 * ```
 * run(options, work)
 *  └ MonitoredUnitOfWork        after the commit: samples the written resources
 *     └ IdempotentUnitOfWork    a known key: answers the recorded outcome, and runs nothing
 *        └ EventRecordingUnitOfWork   end of the work: adds the events to the outbox
 *           └ BatchingUnitOfWork   may this unit share a transaction?
 *              ├ yes: LeaseGroups, SharedTransactions   they do all that LockedUnitOfWork does, for
 *              │                  several units at once; these units never enter it
 *              └ no:  LockedUnitOfWork   lock, transaction, [work], checks, commit, release; retries
 * ```
 *
 * With tracing, `tracing` wraps four places of it: what `BatchingUnitOfWork` is called by, the lock, the
 * transactions of one unit, and what several units share (docs/operations/tracing.md).
 *
 * Why this order:
 * - The monitor is outermost, because it must see only writes that are committed.
 * - The idempotency record is written by the work itself, so it commits with the effect. Its lock on
 *   the key is taken before all other locks. A repeat takes no lock on a resource.
 * - Events are recorded inside the idempotent unit, so a replayed outcome records no event again.
 * - Batching and locking are innermost. Both run a whole unit again when a row was changed, and each
 *   run records its own events.
 */
export function unitOfWorkStack(parts: UnitOfWorkParts): UnitOfWork {
  const { cache, records, ids, clock, report, monitor, events, tracing } = parts;
  const { observer = silentUnitOfWorkObserver } = parts;
  const nesting = new NestingGuard();

  const locks = tracing?.locks(parts.locks) ?? parts.locks;
  const transactions = tracing?.transactions(parts.transactions) ?? parts.transactions;
  const locked = new LockedUnitOfWork(
    locks,
    transactions,
    cache,
    report,
    DEFAULT_RETRY,
    nesting,
    observer,
  );

  const { maxTransactions: maxAtOnce, maxProducts, waitMs, maxWaiting } = parts.batching;
  const plainParts = { transactions: parts.transactions, observer };
  const sharedParts = tracing?.shared(plainParts) ?? plainParts;
  const shared = new SharedTransactions(
    sharedParts.transactions,
    nesting,
    report,
    { maxAtOnce, maxProducts, retry: DEFAULT_RETRY },
    sharedParts.observer,
  );
  const leases = new LeaseGroups(
    parts.locks,
    shared,
    report,
    { waitMs, maxWaiting, maxProducts },
    sharedParts.observer,
  );

  const batching = new BatchingUnitOfWork(locked, leases, shared, nesting);
  const units = tracing?.units(batching) ?? batching;
  const eventRecording = new EventRecordingUnitOfWork(units, ids, clock, events);
  const idempotent = new IdempotentUnitOfWork(eventRecording, locks, records, clock, report);
  return monitor ? new MonitoredUnitOfWork(idempotent, monitor) : idempotent;
}
