import { InProcessLock } from '../../../adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { SystemClock } from '../../../adapters/system/system-clock.js';
import { CachedProducts } from '../../../application/catalogue/cached-products.js';
import { ReviseProduct } from '../../../application/catalogue/revise-product.js';
import { LockedUnitOfWork } from '../../../application/unit-of-work/layers/5-locked-unit-of-work.js';
import type { ProductQueries } from '../../../domain/catalogue/ports.js';
import type { ProductState } from '../../../domain/catalogue/product.js';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import type { TransactionPort } from '../../../domain/ports/transaction-port.js';
import { type Note, sharedClock } from '../timeline.js';
import type { AnswerRecord } from './answer-record.js';
import { TEA } from './catalogue-table.js';
import { TimelineCache } from './timeline-cache.js';
import { TimelineQueries } from './timeline-queries.js';
import { TimelineTransactions } from './timeline-transactions.js';

/** The database of an instance. */
export interface Database {
  readonly queries: ProductQueries;
  readonly transactions: TransactionPort;
}

/**
 * One instance of the service, reduced to products: the product's use cases, unit of work and
 * queries. Only the cache differs between runs.
 */
export class ShopInstance {
  readonly cache: TimelineCache;
  readonly queries: TimelineQueries;
  readonly transactions: TimelineTransactions;
  readonly #products: CachedProducts;
  readonly #revise: ReviseProduct;

  constructor(
    database: Database,
    cache: CachePort,
    private readonly record: AnswerRecord,
    private readonly note: Note,
  ) {
    this.cache = new TimelineCache(cache, note);
    this.queries = new TimelineQueries(database.queries, note);
    this.transactions = new TimelineTransactions(database.transactions, note);
    this.#products = new CachedProducts(this.cache, this.queries);
    const unitOfWork = new LockedUnitOfWork(
      new LockPortAdapter(new InProcessLock()),
      this.transactions,
      this.cache,
      (event, error) => {
        throw new Error(event, { cause: error });
      },
    );
    this.#revise = new ReviseProduct(unitOfWork, new SystemClock());
  }

  /** GET of the product. */
  async read(): Promise<void> {
    const beganMs = sharedClock();
    this.note('asked');
    const { text } = await this.#products.get(TEA);
    const { price, version } = JSON.parse(text) as ProductState;
    const staleMs = this.record.answered(version, beganMs);
    const age = staleMs > 0 ? `, replaced ${staleMs.toFixed(0)} ms ago` : '';
    this.note('answered', `${price}${age}`);
  }

  /** PATCH of its price. */
  async change(price: number): Promise<void> {
    const { version } = await this.#revise.execute({ productId: TEA, change: { price } });
    this.record.acknowledged(version, sharedClock());
    this.note('acknowledged', price);
  }
}
