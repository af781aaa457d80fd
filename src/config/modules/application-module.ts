import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { CachedProducts } from '../../application/catalogue/cached-products.js';
import { CountLikes } from '../../application/catalogue/count-likes.js';
import { CreateProduct } from '../../application/catalogue/create-product.js';
import { KnownProducts } from '../../application/catalogue/known-products.js';
import { LikeBatches } from '../../application/catalogue/like-batches.js';
import { RestockProduct } from '../../application/catalogue/restock-product.js';
import { ReviseProduct } from '../../application/catalogue/revise-product.js';
import { SeedCatalogue } from '../../application/catalogue/seed-catalogue.js';
import { SetLike } from '../../application/catalogue/set-like.js';
import { CancelOrder } from '../../application/orders/cancel-order.js';
import { FindOwnOrder } from '../../application/orders/find-own-order.js';
import { PayOrderByPoints } from '../../application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../application/orders/place-order.js';
import { CountBuyers } from '../../application/popularity/count-buyers.js';
import { FindPopular } from '../../application/popularity/find-popular.js';
import { Rankings } from '../../application/popularity/rankings.js';
import { RebuildRanking } from '../../application/popularity/rebuild-ranking.js';
import { RecordSales } from '../../application/popularity/record-sales.js';
import { RefreshRanking } from '../../application/popularity/refresh-ranking.js';
import { StalenessMonitor } from '../../application/staleness/staleness-monitor.js';
import { productVersions } from '../../application/staleness/version-reader.js';
import type { FailureReport } from '../../application/unit-of-work/failure-report.js';
import type { UnitOfWorkObserver } from '../../application/unit-of-work/unit-of-work-observer.js';
import {
  type BatchingSettings,
  unitOfWorkStack,
} from '../../application/unit-of-work/unit-of-work-stack.js';
import type { UnitOfWorkTracing } from '../../application/unit-of-work/unit-of-work-tracing.js';
import { ChargeWallet } from '../../application/wallets/charge-wallet.js';
import { LikeQueries, ProductQueries } from '../../domain/catalogue/ports.js';
import { EventStream } from '../../domain/events/outbox.js';
import { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import { OrderQueries } from '../../domain/orders/ports.js';
import { RankingQueries, SalesQueries } from '../../domain/popularity/ports.js';
import { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import { CachePort } from '../../domain/ports/cache-port.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { TransactionPort } from '../../domain/ports/transaction-port.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Resources } from '../resources.js';
import { quotasOf } from '../settings/order-settings.js';
import type { Settings } from '../settings/settings.js';
import { singleton } from './singleton.js';

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

/** The use cases, and the unit of work that all of them use. */
export function applicationModule(
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
    singleton(bind, CachedProducts, CachedProducts, [CachePort, ProductQueries]);
    singleton(bind, KnownProducts, KnownProducts, [ProductQueries]);
    singleton(bind, CreateProduct, CreateProduct, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, ReviseProduct, ReviseProduct, [UnitOfWork, Clock]);
    singleton(bind, RestockProduct, RestockProduct, [UnitOfWork]);
    singleton(bind, SeedCatalogue, SeedCatalogue, [UnitOfWork, ProductQueries, IdGenerator, Clock]);
    singleton(bind, LikeBatches, LikeBatches, [UnitOfWork]);
    singleton(bind, SetLike, SetLike, [CachedProducts, LikeBatches]);
    singleton(bind, CountLikes, CountLikes, [UnitOfWork, LikeQueries]);
    singleton(bind, RecordSales, RecordSales, [SalesQueries, SalesRanking]);
    singleton(bind, RebuildRanking, RebuildRanking, [SalesRanking, SalesQueries, Clock]);
    singleton(bind, Rankings, Rankings, [CachePort, RankingQueries, UnitOfWork]);
    singleton(bind, RefreshRanking, RefreshRanking, [SalesRanking, SalesQueries, Rankings, Clock]);
    singleton(bind, CountBuyers, CountBuyers, [SalesRanking, Clock]);
    singleton(bind, FindPopular, FindPopular, [Rankings, RefreshRanking, CachedProducts]);
    singleton(bind, ChargeWallet, ChargeWallet, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, PayOrderByPoints, PayOrderByPoints, [UnitOfWork, IdGenerator, Clock]);
    singleton(bind, CancelOrder, CancelOrder, [UnitOfWork, OrderQueries, IdGenerator, Clock]);
    singleton(bind, FindOwnOrder, FindOwnOrder, [OrderQueries]);
    bind(PlaceOrder)
      .toResolvedValue(
        (unitOfWork: UnitOfWork, products: KnownProducts, ids: IdGenerator, clock: Clock) =>
          new PlaceOrder(
            unitOfWork,
            products,
            ids,
            clock,
            settings.ORDER_PAYMENT_WINDOW_MS,
            quotasOf(settings),
          ),
        [UnitOfWork, KnownProducts, IdGenerator, Clock],
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
