import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { CachedProducts } from '../../application/catalogue/cached-products.js';
import { StalenessMonitor } from '../../application/staleness/staleness-monitor.js';
import { productVersions } from '../../application/staleness/version-reader.js';
import type { FailureReport } from '../../application/unit-of-work/failure-report.js';
import type { UnitOfWorkObserver } from '../../application/unit-of-work/unit-of-work-observer.js';
import {
  type BatchingSettings,
  unitOfWorkStack,
} from '../../application/unit-of-work/unit-of-work-stack.js';
import type { UnitOfWorkTracing } from '../../application/unit-of-work/unit-of-work-tracing.js';
import { ProductQueries } from '../../domain/catalogue/ports.js';
import { EventStream } from '../../domain/events/outbox.js';
import { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { TransactionPort } from '../../domain/ports/transaction-port.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';

/**
 * With more of them the batches would be smaller. With fewer, one slow row would delay all orders.
 */
const MAX_SHARED_TRANSACTIONS = 3;

/** A transaction with more products would lock its rows, and occupy this process, for too long. */
const MAX_PRODUCTS_OF_TRANSACTION = 128;

interface UnitObservers {
  readonly tracing?: { readonly units: UnitOfWorkTracing } | undefined;
  readonly units: UnitOfWorkObserver;
  /**
   * Receives how stale an answer was, in milliseconds. Some of the written products are read again
   * for it; without it none are.
   */
  readonly staleness?: (ms: number) => void;
}

/** The unit of work that all use cases use; its stack is in `unit-of-work-stack.ts`. */
export function unitOfWorkModule(
  settings: Settings,
  logger: Logger,
  resources: Resources,
  { units: observer, staleness, tracing }: UnitObservers,
): ContainerModule {
  const report: FailureReport = (event, error) => logger.warn({ err: error, event }, event);
  const monitorOf = (products: CachedProducts, queries: ProductQueries) => {
    if (!staleness) return undefined;
    const monitor = stalenessMonitor(settings, products, queries, staleness);
    resources.defer(async () => monitor.close());
    return monitor;
  };
  return new ContainerModule(({ bind }) => {
    bind(UnitOfWork)
      .toResolvedValue(
        (
          locks: LockPort,
          transactions: TransactionPort,
          cache: CachePort,
          records: IdempotencyRecords,
          ids: IdGenerator,
          clock: Clock,
          products: CachedProducts,
          queries: ProductQueries,
          events: EventStream,
        ) => {
          const monitor = monitorOf(products, queries);
          const batching = batchingOf(settings);
          const parts = {
            locks,
            events,
            transactions,
            cache,
            records,
            ids,
            clock,
            report,
            batching,
          };
          return unitOfWorkStack({ ...parts, observer, monitor, tracing: tracing?.units });
        },
        [
          LockPort,
          TransactionPort,
          CachePort,
          IdempotencyRecords,
          IdGenerator,
          Clock,
          CachedProducts,
          ProductQueries,
          EventStream,
        ],
      )
      .inSingletonScope();
  });
}

function batchingOf(settings: Settings): BatchingSettings {
  return {
    // SQLite has one writer, so all waiting units share its next transaction.
    maxTransactions: settings.DATABASE_URL ? MAX_SHARED_TRANSACTIONS : 1,
    maxProducts: MAX_PRODUCTS_OF_TRANSACTION,
    waitMs: settings.LOCK_WAIT_MS,
    maxWaiting: settings.LOCK_MAX_WAITERS,
  };
}

function stalenessMonitor(
  { CACHE_MAX_STALENESS_MS: boundMs, CACHE_STALENESS_SAMPLE: share }: Settings,
  products: CachedProducts,
  queries: ProductQueries,
  observe: (ms: number) => void,
): StalenessMonitor {
  return new StalenessMonitor(productVersions(products, queries), {
    share,
    // At once, after a lost message was replayed, and when no old value may be left.
    afterMs: [1, 50, boundMs / 2, boundMs, 2 * boundMs],
    nowMs: () => performance.now(),
    observe,
  });
}
