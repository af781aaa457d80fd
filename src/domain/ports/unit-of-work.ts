import type { LikeRepository, ProductRepository } from '../catalogue/ports.js';
import type { OutboxRepository } from '../events/outbox.js';
import type {
  IdempotencyKey,
  IdempotencyRecordRepository,
} from '../idempotency/idempotency-records.js';
import type { OrderRepository, OrderRequestRepository } from '../orders/ports.js';
import type { Counted } from '../orders/quotas.js';
import type { CardPaymentRepository, PaymentRepository } from '../payments/ports.js';
import type { RankingRepository } from '../popularity/ports.js';
import type { ReservationRepository } from '../reservations/ports.js';
import type { Buyer } from '../stock/offers.js';
import type { StockRepository } from '../stock/ports.js';
import type { SweeperLeaseRepository } from '../sweeping/sweeper-lease.js';
import type { WalletRepository } from '../wallets/ports.js';
import type { WrittenThrough } from './cache-port.js';

/** The repositories of one transaction. They cannot be reached outside of it. */
export interface Transaction {
  readonly products: ProductRepository;
  readonly likes: LikeRepository;
  readonly stocks: StockRepository;
  readonly wallets: WalletRepository;
  readonly orders: OrderRepository;
  readonly orderRequests: OrderRequestRepository;
  readonly outbox: OutboxRepository;
  readonly payments: PaymentRepository;
  readonly cardPayments: CardPaymentRepository;
  readonly rankings: RankingRepository;
  readonly reservations: ReservationRepository;
  readonly sweeperLeases: SweeperLeaseRepository;
  readonly idempotencyRecords: IdempotencyRecordRepository;
}

/** What a unit changes in the cache. */
export interface Invalidations<T> {
  /** The cached resources that the work changes; none of them is served stale afterwards. */
  readonly resources: readonly string[];
  /** Returns the new values that are worth caching at once. */
  readonly writesThrough?: (outcome: T) => readonly WrittenThrough[];
}

/** What a unit will read. All units of a batch read it by one statement for each table. */
export interface BatchReads {
  readonly buyers?: readonly Buyer[];
  /** Which open claims of the buyers are counted. */
  readonly counted?: readonly Counted[];
  /** Ids of products. */
  readonly stocks?: readonly string[];
  /** Ids of reservations. */
  readonly reservations?: readonly string[];
  /** Ids of orders. */
  readonly orders?: readonly string[];
  /** Ids of the orders whose payments are read. */
  readonly payments?: readonly string[];
  /** Ids of the owners. */
  readonly wallets?: readonly string[];
}

/** For a unit that cannot read anything ahead. */
export const NO_READS: BatchReads = {};

export interface UnitOptions<T = unknown> {
  /**
   * Keys of the rows that the work changes. All or none are locked, before the transaction begins.
   * A function finds the keys first, without a lock, from data that never changes.
   */
  readonly locks: readonly string[] | (() => Promise<readonly string[]>);
  /** Runs the work at most once for this key and returns its first outcome from then on. */
  readonly once?: Once | undefined;
  /**
   * The unit may share its lease and its transaction with others. Its result, its events, its refusal
   * and its idempotency record stay its own. A function is called when the keys of `locks` are known.
   */
  readonly batch?: BatchReads | (() => BatchReads) | undefined;
  /** Stops the wait for the locks. Work that has begun continues. */
  readonly signal?: AbortSignal | undefined;
  /** The cache keeps none of these resources from before the commit until after it. */
  readonly invalidates?: Invalidations<T> | undefined;
  /** Called after a commit that invalidated, with the invalidation number a later read may ask for. */
  readonly invalidated?: ((number: number) => void) | undefined;
}

/** The options that a use case takes from its request. */
export type RequestScope = Pick<UnitOptions, 'once' | 'signal' | 'invalidated'>;

export interface Once extends IdempotencyKey {
  /**
   * Called when the result is that of an earlier request. It was stored as JSON, so dates are
   * strings.
   */
  readonly replayed: () => void;
}

/**
 * The only way to a lock or a transaction. The order is always the same: lock, transaction, work,
 * check of lease and cache, commit, release. So nobody can write a wrong order by accident.
 */
export abstract class UnitOfWork {
  /**
   * Commits all effects of `work` together, or none of them. When another transaction changed a
   * row, the whole unit runs again. So `work` must have no effect outside the transaction.
   *
   * @throws what `work` throws, after a rollback
   * @throws LockBusyError the locks were not acquired in time
   * @throws LockUnavailableError, DependencyUnavailableError a server does not answer
   * @throws LeaseLostError the lease ended before the commit; nothing was committed
   * @throws DependencyUnavailableError the cache could not be invalidated; nothing was committed
   * @throws ConcurrentUpdateError a row was changed by another transaction at every attempt
   * @throws NestedUnitError called from inside the work of another unit
   */
  abstract run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** A unit of work began inside another one. It would wait for locks while it holds some. */
export class NestedUnitError extends Error {
  override readonly name = 'NestedUnitError';

  constructor() {
    super(
      'A unit of work cannot run inside another: the inner one would wait for its locks while ' +
        'the outer holds a lease and a connection. Name all locks in one run().',
    );
  }
}
