import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { MemoryCardPaymentQueries } from '../../../src/adapters/persistence/memory/card-payments.js';
import {
  MemoryLikeQueries,
  MemoryProductQueries,
} from '../../../src/adapters/persistence/memory/catalogue.js';
import { MemoryIdempotencyRecords } from '../../../src/adapters/persistence/memory/idempotency.js';
import { MemoryDatabase } from '../../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../../src/adapters/persistence/memory/memory-transactions.js';
import {
  MemoryOrderRequestQueries,
  MemorySettledOrderRequests,
} from '../../../src/adapters/persistence/memory/order-requests.js';
import { MemoryOrderQueries } from '../../../src/adapters/persistence/memory/orders.js';
import { MemoryOutboxQueries } from '../../../src/adapters/persistence/memory/outbox.js';
import { MemoryRankingQueries } from '../../../src/adapters/persistence/memory/rankings.js';
import {
  MemoryExpiryQueries,
  MemoryReservationQueries,
} from '../../../src/adapters/persistence/memory/reservations.js';
import { MemorySalesQueries } from '../../../src/adapters/persistence/memory/sales.js';
import { MemoryStockQueries } from '../../../src/adapters/persistence/memory/stock.js';
import { MemoryWalletQueries } from '../../../src/adapters/persistence/memory/wallets.js';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.js';
import { CreateProduct } from '../../../src/application/catalogue/create-product.js';
import { KnownProducts } from '../../../src/application/catalogue/known-products.js';
import { Rankings } from '../../../src/application/popularity/rankings.js';
import { unitOfWorkStack } from '../../../src/application/unit-of-work/unit-of-work-stack.js';
import { Product } from '../../../src/domain/catalogue/product.js';
import type { LockPort } from '../../../src/domain/ports/lock-port.js';
import type { UnitOfWork } from '../../../src/domain/ports/unit-of-work.js';
import { Stock } from '../../../src/domain/stock/stock.js';
import { FixedClock } from '../doubles/fixed-clock.js';
import { AccountedTransactions } from './accounted-transactions.js';

const BATCHING = { maxTransactions: 2, maxProducts: 64, waitMs: 10_000, maxWaiting: 1_000 };

/** Everything that a use case needs, in memory. A test may pass its own lock. */
export class InMemoryShop {
  readonly clock = new FixedClock();
  readonly ids = new UuidV7Generator();
  /** Small, because an index for the usual number of entries takes 17 ms to allocate. */
  readonly cache = new InProcessCache({ maxEntries: 1_000 });
  readonly unitOfWork: UnitOfWork;
  readonly products: MemoryProductQueries;
  readonly known: KnownProducts;
  readonly likes: MemoryLikeQueries;
  readonly sales: MemorySalesQueries;
  readonly rankings: Rankings;
  readonly orders: MemoryOrderQueries;
  readonly orderRequests: MemoryOrderRequestQueries;
  readonly settledRequests: MemorySettledOrderRequests;
  readonly outbox: MemoryOutboxQueries;
  readonly wallets: MemoryWalletQueries;
  readonly reservations: MemoryReservationQueries;
  readonly expiries: MemoryExpiryQueries;
  readonly cardPayments: MemoryCardPaymentQueries;
  readonly #stocks: MemoryStockQueries;

  constructor(lock: LockPort = new LockPortAdapter(new InProcessLock())) {
    const database = new MemoryDatabase();
    const transactions = new AccountedTransactions(new MemoryTransactions(database), database);
    this.unitOfWork = unitOfWorkStack({
      locks: lock,
      transactions,
      cache: this.cache,
      records: new MemoryIdempotencyRecords(database),
      ids: this.ids,
      clock: this.clock,
      report: () => {},
      batching: BATCHING,
    });
    this.products = new MemoryProductQueries(database);
    this.known = new KnownProducts(this.products);
    this.likes = new MemoryLikeQueries(database);
    this.sales = new MemorySalesQueries(database);
    this.rankings = new Rankings(this.cache, new MemoryRankingQueries(database), this.unitOfWork);
    this.orders = new MemoryOrderQueries(database);
    this.orderRequests = new MemoryOrderRequestQueries(database);
    this.settledRequests = new MemorySettledOrderRequests(database);
    this.outbox = new MemoryOutboxQueries(database);
    this.wallets = new MemoryWalletQueries(database);
    this.reservations = new MemoryReservationQueries(database);
    this.expiries = new MemoryExpiryQueries(database);
    this.cardPayments = new MemoryCardPaymentQueries(database);
    this.#stocks = new MemoryStockQueries(database);
  }

  /** Adds a product and returns its id. */
  async add({ price = 10, stock = 10 } = {}): Promise<string> {
    const create = new CreateProduct(this.unitOfWork, this.ids, this.clock);
    const sku = `SKU-${this.ids.next()}`;
    return (await create.execute({ sku, name: 'Thing', price, category: 'test', stock })).id;
  }

  /** Adds many products in one transaction and returns their ids. */
  addMany(count: number, { stock }: { stock: number }): Promise<string[]> {
    return this.unitOfWork.run({ locks: [] }, async (tx) => {
      const added: string[] = [];
      for (let i = 0; i < count; i++) {
        const id = this.ids.next();
        const fields = { id, sku: `SKU-${id}`, name: 'Thing', price: 10, category: 'test' };
        await tx.products.save(Product.create(fields, this.clock.now()));
        await tx.stocks.save(Stock.open(id, stock));
        added.push(id);
      }
      return added;
    });
  }

  /** The units of a product: available and held. */
  async units(productId: string): Promise<{ available: number; held: number }> {
    const { available, held } = await this.#stocks.get(productId);
    return { available, held };
  }

  async available(productId: string): Promise<number> {
    return (await this.#stocks.get(productId)).available;
  }
}
