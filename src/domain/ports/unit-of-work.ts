import type { LikeRepository, ProductRepository } from '../catalogue/ports.js';
import type { OutboxRepository } from '../events/outbox.js';
import type {
  IdempotencyKey,
  IdempotencyRecordRepository,
} from '../idempotency/idempotency-records.js';
import type { OrderRepository, OrderRequestRepository } from '../orders/ports.js';
import type { CardPaymentRepository, PaymentRepository } from '../payments/ports.js';
import type { ReservationRepository } from '../reservations/ports.js';
import type { StockRepository } from '../stock/ports.js';
import type { SweeperLeaseRepository } from '../sweeping/sweeper-lease.js';
import type { WalletRepository } from '../wallets/ports.js';
import type { WrittenThrough } from './cache-port.js';

/** The repositories of one transaction; they cannot be reached outside of it. */
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
  readonly reservations: ReservationRepository;
  readonly duties: SweeperLeaseRepository;
  readonly answers: IdempotencyRecordRepository;
}

/** What a unit does to the cache. */
export interface Evictions<T> {
  /** The cached resources that the work changes; none of them is served stale afterwards. */
  readonly resources: readonly string[];
  /** Names the new values that are worth keeping at once. */
  readonly writesThrough?: (outcome: T) => readonly WrittenThrough[];
}

export interface UnitOptions<T = unknown> {
  /**
   * Keys of the rows the work changes; taken all or none, before the transaction begins. A
   * function finds them out first, from what never changes and without a lock.
   */
  readonly locks: readonly string[] | (() => Promise<readonly string[]>);
  /** Runs the work at most once for this key and answers its first outcome from then on. */
  readonly once?: Once | undefined;
  /** Stops the wait for the locks; work that has begun goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Held off the cache from before the commit until after it. */
  readonly evicts?: Evictions<T> | undefined;
  /** Called after a commit that evicted, with the invalidation number a later read may ask for. */
  readonly evicted?: ((number: number) => void) | undefined;
}

/** What a use case passes on of the request that asked for it. */
export type RequestScope = Pick<UnitOptions, 'once' | 'signal' | 'evicted'>;

export interface Once extends IdempotencyKey {
  /** Called when the answer is an earlier one; it has been through JSON, so dates are strings. */
  readonly replayed: () => void;
}

/**
 * The only way to a lock or a transaction: lock, transaction, work, check of lease and cache,
 * commit, release, in this order, so the wrong orders cannot be written by accident.
 */
export abstract class UnitOfWork {
  /**
   * All effects of `work` are committed together or not at all. It may run more than once, as
   * the whole unit is retried when a row was changed by another, so it must have no effect
   * outside the transaction.
   *
   * @throws whatever `work` throws, after a rollback
   * @throws LockBusyError the locks were not obtained in time
   * @throws LockUnavailableError, DependencyUnavailableError a server does not answer
   * @throws LeaseLostError the lease ended before the commit; nothing was committed
   * @throws DependencyUnavailableError the cache could not be held off; nothing was committed
   * @throws ConcurrentUpdateError every retry met a changed row
   * @throws NestedUnitError called from inside another unit's work
   */
  abstract run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** A unit of work was begun inside another: it would wait for locks while holding some. */
export class NestedUnitError extends Error {
  override readonly name = 'NestedUnitError';

  constructor() {
    super(
      'A unit of work cannot run inside another: the inner one would wait for its locks while ' +
        'the outer holds a lease and a connection. Name all locks in one run().',
    );
  }
}
