import {
  type OutboxChannel,
  type OutboxEntry,
  OutboxRepository,
  type Outgoing,
  type RelayLease,
} from '../../../domain/events/outbox.js';
import {
  IdempotencyRecordRepository,
  type NewIdempotencyRecord,
} from '../../../domain/idempotency/idempotency-records.js';
import { Order } from '../../../domain/orders/order.js';
import { OrderRepository } from '../../../domain/orders/ports.js';
import type { Counted } from '../../../domain/orders/quotas.js';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import type { Buyer, Offers } from '../../../domain/stock/offers.js';
import { type StockReplacement, StockRepository } from '../../../domain/stock/ports.js';
import type { Stock } from '../../../domain/stock/stock.js';
import { WriteBuffer } from './write-buffer.js';

/**
 * The transaction as the members of a batch see it. New orders, stocks, events and idempotency
 * records are buffered. Everything else goes to the database at once.
 */
export class BatchTransaction {
  readonly buffer: WriteBuffer;
  readonly tx: Transaction;
  /** Whether something was written that the buffer cannot undo. */
  hasWritten = false;

  constructor(inner: Transaction) {
    this.buffer = new WriteBuffer(inner);
    const direct = <R extends object>(repository: R): R =>
      noting(repository, () => {
        this.hasWritten = true;
      });
    this.tx = {
      stocks: new BufferedStocks(this.buffer, direct(inner.stocks)),
      orders: new BufferedOrders(this.buffer, direct(inner.orders)),
      outbox: new BufferedOutbox(this.buffer, direct(inner.outbox)),
      idempotencyRecords: new BufferedRecords(this.buffer),
      products: direct(inner.products),
      likes: direct(inner.likes),
      wallets: direct(inner.wallets),
      orderRequests: direct(inner.orderRequests),
      payments: direct(inner.payments),
      cardPayments: direct(inner.cardPayments),
      rankings: direct(inner.rankings),
      reservations: direct(inner.reservations),
      sweeperLeases: direct(inner.sweeperLeases),
    };
  }
}

/** Methods of repositories that only read. */
const READS = /^(get|find|queued)/;

/** Calls `onWrite` before each method of the repository that may write. */
function noting<R extends object>(repository: R, onWrite: () => void): R {
  return new Proxy(repository, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (!READS.test(String(name))) onWrite();
        return Reflect.apply(value, target, args);
      };
    },
  });
}

class BufferedStocks extends StockRepository {
  constructor(
    private readonly buffer: WriteBuffer,
    private readonly inner: StockRepository,
  ) {
    super();
  }

  override async get(productId: string): Promise<Stock> {
    const [stock] = await this.buffer.stocks([productId]);
    return stock ?? this.inner.get(productId);
  }

  override getMany(productIds: readonly string[]): Promise<Stock[]> {
    return this.buffer.stocks(productIds);
  }

  override async offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers> {
    await this.buffer.read(buyers, counted);
    return this.buffer.offers(buyers);
  }

  override getOpenUnits(
    userId: string,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    return this.buffer.openUnits(userId, productIds);
  }

  override save(stock: Stock): Promise<Stock> {
    // A new stock has no row in the database yet, so it cannot be buffered as an update.
    if (stock.state.version === 0) return this.inner.save(stock);
    return Promise.resolve(this.buffer.putStock(stock));
  }

  override async saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    return stocks.map((stock) => this.buffer.putStock(stock));
  }

  override replaceMany(replacements: readonly StockReplacement[]): Promise<void> {
    return this.inner.replaceMany(replacements);
  }
}

class BufferedOrders extends OrderRepository {
  constructor(
    private readonly buffer: WriteBuffer,
    private readonly inner: OrderRepository,
  ) {
    super();
  }

  override get(id: string): Promise<Order> {
    return this.inner.get(id);
  }

  override async save(order: Order): Promise<Order> {
    const { id, version } = order.state;
    if (this.buffer.hasOrder(id)) throw new RangeError(`order ${id} is saved twice in one unit`);
    if (version > 0) return this.inner.save(order);
    this.buffer.addOrder(order);
    return Order.restore({ ...order.state, version: 1 });
  }

  override async addMany(orders: readonly Order[]): Promise<void> {
    for (const order of orders) this.buffer.addOrder(order);
  }
}

class BufferedOutbox extends OutboxRepository {
  constructor(
    private readonly buffer: WriteBuffer,
    private readonly inner: OutboxRepository,
  ) {
    super();
  }

  override async add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void> {
    this.buffer.addMessages(channel, messages);
  }

  override remove(entries: readonly OutboxEntry[]): Promise<void> {
    return this.inner.remove(entries);
  }

  override claim(channel: OutboxChannel, lease: RelayLease): Promise<boolean> {
    return this.inner.claim(channel, lease);
  }

  override release(channel: OutboxChannel, lease: RelayLease): Promise<void> {
    return this.inner.release(channel, lease);
  }
}

class BufferedRecords extends IdempotencyRecordRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override async add(record: NewIdempotencyRecord): Promise<void> {
    this.buffer.addRecords([record]);
  }

  override async addMany(records: readonly NewIdempotencyRecord[]): Promise<void> {
    this.buffer.addRecords(records);
  }
}
