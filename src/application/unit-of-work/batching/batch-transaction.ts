import type { OutboxChannel, OutboxRepository, Outgoing } from '../../../domain/events/outbox.js';
import {
  IdempotencyRecordRepository,
  type NewIdempotencyRecord,
} from '../../../domain/idempotency/idempotency-records.js';
import { Order, orderNotFound } from '../../../domain/orders/order.js';
import { OrderRepository } from '../../../domain/orders/ports.js';
import type { Counted } from '../../../domain/orders/quotas.js';
import type { Payment } from '../../../domain/payments/payment.js';
import { PaymentRepository } from '../../../domain/payments/ports.js';
import type { OpenTransaction } from '../../../domain/ports/transaction-port.js';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import { ReservationRepository } from '../../../domain/reservations/ports.js';
import { Reservation, reservationNotFound } from '../../../domain/reservations/reservation.js';
import type { Buyer, Offers } from '../../../domain/stock/offers.js';
import { StockRepository } from '../../../domain/stock/ports.js';
import type { Stock } from '../../../domain/stock/stock.js';
import { WalletRepository } from '../../../domain/wallets/ports.js';
import type { Wallet, WalletMovement } from '../../../domain/wallets/wallet.js';
import { OutboxDecorator } from '../../events/outbox-decorator.js';
import { WriteBuffer } from './write-buffer.js';

/**
 * The transaction as the members of a batch see it. Orders, reservations, stocks, wallets, payments,
 * events and idempotency records are buffered. Everything else goes to the database at once.
 */
export class BatchTransaction {
  readonly buffer: WriteBuffer;
  readonly tx: Transaction;
  /** Whether something was written that the buffer cannot undo. */
  hasWritten = false;

  constructor(inner: OpenTransaction) {
    this.buffer = new WriteBuffer(inner);
    const direct = <R extends object>(repository: R): R =>
      noting(repository, () => {
        this.hasWritten = true;
      });
    this.tx = {
      stocks: new BufferedStocks(this.buffer, direct(inner.stocks)),
      orders: new BufferedOrders(this.buffer),
      outbox: new BufferedOutbox(this.buffer, direct(inner.outbox)),
      idempotencyRecords: new BufferedRecords(this.buffer),
      products: direct(inner.products),
      likes: direct(inner.likes),
      wallets: new BufferedWallets(this.buffer),
      orderRequests: direct(inner.orderRequests),
      payments: new BufferedPayments(this.buffer),
      cardPayments: direct(inner.cardPayments),
      rankings: direct(inner.rankings),
      reservations: new BufferedReservations(this.buffer),
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
    await this.buffer.readOffers(buyers, counted);
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
}

class BufferedOrders extends OrderRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override async get(id: string): Promise<Order> {
    const order = await this.buffer.order(id);
    if (!order) throw orderNotFound(id);
    return order;
  }

  override async save(order: Order): Promise<Order> {
    const { state } = order;
    if (state.version > 0) return this.buffer.putOrder(order);
    this.buffer.addOrder(order);
    return Order.restore({ ...state, version: 1 });
  }
}

class BufferedReservations extends ReservationRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override async get(id: string): Promise<Reservation> {
    const reservation = await this.buffer.reservation(id);
    if (!reservation) throw reservationNotFound(id);
    return reservation;
  }

  override async save(reservation: Reservation): Promise<Reservation> {
    const { state } = reservation;
    if (state.version > 0) return this.buffer.putReservation(reservation);
    this.buffer.addReservation(reservation);
    return Reservation.restore({ ...state, version: 1 });
  }
}

class BufferedWallets extends WalletRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override get(userId: string): Promise<Wallet> {
    return this.buffer.wallet(userId);
  }

  override async save(movement: WalletMovement): Promise<Wallet> {
    return this.buffer.moveWallet(movement);
  }
}

class BufferedPayments extends PaymentRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override findByOrder(orderId: string): Promise<Payment | undefined> {
    return this.buffer.payment(orderId);
  }

  override async save(payment: Payment): Promise<Payment> {
    return this.buffer.putPayment(payment);
  }
}

class BufferedOutbox extends OutboxDecorator {
  constructor(
    private readonly buffer: WriteBuffer,
    inner: OutboxRepository,
  ) {
    super(inner);
  }

  override async add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void> {
    this.buffer.addMessages(channel, messages);
  }
}

class BufferedRecords extends IdempotencyRecordRepository {
  constructor(private readonly buffer: WriteBuffer) {
    super();
  }

  override async add(records: readonly NewIdempotencyRecord[]): Promise<void> {
    this.buffer.addRecords(records);
  }
}
