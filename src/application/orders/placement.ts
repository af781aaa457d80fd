import type { Product } from '../../domain/catalogue/product.js';
import { Basket } from '../../domain/orders/basket.js';
import { Order, type OrderItem } from '../../domain/orders/order.js';
import { type Quotas, UNLIMITED } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { Transaction } from '../../domain/ports/unit-of-work.js';
import type { PlaceOrderInput } from './place-order-input.js';

/**
 * What placing an order does inside a transaction, one by one or many in a batch. It writes nothing
 * before the last rule has agreed, so a refusal leaves no trace in a transaction that goes on.
 */
export class Placement {
  constructor(
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Milliseconds a customer has to pay. */
    private readonly paymentWindowMs: number,
    private readonly quotas: Quotas = UNLIMITED,
  ) {}

  /**
   * @throws DomainError `product_not_found`, `insufficient_stock`, `quota_exceeded` or
   * `order_total_too_large`
   */
  async place(tx: Transaction, { userId, items }: PlaceOrderInput): Promise<Order> {
    const basket = new Basket(items);
    const products = await tx.products.getMany(basket.productIds);
    const counted = this.quotas.limited('unpaidOrders', 'units');
    const { stocks, claims } = await tx.stocks.getManyFor(userId, basket.productIds, counted);
    const taken = stocks.map((stock) => stock.take(basket.quantityOf(stock.state.productId)));
    for (const productId of basket.productIds) {
      this.quotas.requireUnits(productId, basket.quantityOf(productId), claims);
    }
    const order = Order.place(
      { id: this.ids.next(), userId, items: products.map((product) => line(product, basket)) },
      this.clock.now(),
      this.paymentWindowMs,
      this.quotas.slot('unpaidOrders', claims.unpaidOrders),
    );
    await tx.stocks.saveMany(taken);
    return tx.orders.save(order);
  }
}

function line({ state }: Product, basket: Basket): OrderItem {
  return {
    productId: state.id,
    quantity: basket.quantityOf(state.id),
    unitPrice: state.price,
  };
}
