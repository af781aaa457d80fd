import { v7 } from 'uuid';
import { InProcessCache } from '../../src/adapters/cache/in-process-cache.js';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { UuidV7Generator } from '../../src/adapters/system/uuid-v7-generator.js';
import { EventRecordingUnitOfWork } from '../../src/application/unit-of-work/layers/3-event-recording-unit-of-work.js';
import { LockedUnitOfWork } from '../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import { Product } from '../../src/domain/catalogue/product.js';
import { Order } from '../../src/domain/orders/order.js';
import { Payment } from '../../src/domain/payments/payment.js';
import type { TransactionPort } from '../../src/domain/ports/transaction-port.js';
import type { Transaction, UnitOfWork } from '../../src/domain/ports/unit-of-work.js';
import { lockThatIsAlwaysFree } from './doubles/noop-lock.js';

/** Products, and orders that were paid at any time that a test chooses. */
export class PastSales {
  readonly unitOfWork: UnitOfWork;

  constructor(transactions: TransactionPort) {
    const locked = new LockedUnitOfWork(
      lockThatIsAlwaysFree,
      transactions,
      new InProcessCache(),
      () => {},
    );
    this.unitOfWork = new EventRecordingUnitOfWork(
      locked,
      new UuidV7Generator(),
      new SystemClock(),
    );
  }

  async addProduct(id: string = v7()): Promise<string> {
    const fields = { id, sku: `S${id}`, name: 'Tea', price: 5, category: 'tea' };
    await this.transact((tx) => tx.products.save(Product.create(fields, new Date())));
    return id;
  }

  sell(units: Readonly<Record<string, number>>, at: Date, buyer = 'alice'): Promise<Payment> {
    return this.transact((tx) => this.sellWithin(tx, units, at, buyer));
  }

  async sellWithin(
    tx: Transaction,
    units: Readonly<Record<string, number>>,
    at: Date,
    buyer = 'alice',
  ): Promise<Payment> {
    const items = Object.entries(units).map(([productId, quantity]) => ({
      productId,
      quantity,
      unitPrice: 5,
    }));
    const order = Order.place({ id: v7(), userId: buyer, items }, at, 1000);
    const saved = await tx.orders.save(order);
    await tx.orders.save(saved.pay(at));
    const { id: orderId, userId, total: amount } = order.state;
    const fields = { id: v7(), orderId, userId, amount, createdAt: at };
    return tx.payments.save(Payment.capture({ ...fields, method: 'points' }));
  }

  /** Cancels the order and refunds the payment. */
  refund(payment: Payment): Promise<Payment> {
    return this.transact(async (tx) => {
      const order = await tx.orders.get(payment.state.orderId);
      await tx.orders.save(order.cancel());
      return tx.payments.save(payment.refund());
    });
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run({ locks: [] }, work);
  }
}
