import { Basket, type BasketItem } from '../../domain/orders/basket.js';
import { Order, type OrderItem } from '../../domain/orders/order.js';
import { type Quotas, UNLIMITED } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { BatchReads, Transaction } from '../../domain/ports/unit-of-work.js';
import type { Offer } from '../../domain/stock/offers.js';
import { requireUnits } from './require-units.js';

/** What a customer wants to buy, at once or through the queue. */
export interface PlaceOrderInput {
  readonly userId: string;
  /** Each product at most once. */
  readonly items: readonly BasketItem[];
}

/**
 * Places an order inside a transaction, which may place other orders too. It checks all rules
 * before it writes. So a refused order changes nothing, and the transaction can continue.
 */
export class Placement {
  constructor(
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Milliseconds a customer has to pay. */
    private readonly paymentWindowMs: number,
    private readonly quotas: Quotas = UNLIMITED,
  ) {}

  /** What placing these orders reads first. */
  readsOf(inputs: readonly PlaceOrderInput[]): Required<Pick<BatchReads, 'buyers' | 'counted'>> {
    const buyers = inputs.map(({ userId, items }) => {
      return { userId, productIds: new Basket(items).productIds };
    });
    return { buyers, counted: this.quotas.limited('unpaidOrders', 'units') };
  }

  /**
   * @throws DomainError `product_not_found`, `insufficient_stock`, `quota_exceeded` or
   * `order_total_too_large`
   */
  async place(tx: Transaction, { userId, items }: PlaceOrderInput): Promise<Order> {
    const basket = new Basket(items);
    const { buyers, counted } = this.readsOf([{ userId, items }]);
    const read = await tx.stocks.offers(buyers, counted);
    const offers = read.of(basket.productIds);
    const claims = read.claimsOf(userId);
    const taken = offers.map(({ stock }) => stock.take(basket.quantityOf(stock.state.productId)));
    await requireUnits(tx, this.quotas, { userId, items: basket.items }, claims);
    const order = Order.place(
      { id: this.ids.next(), userId, items: offers.map((offer) => line(offer, basket)) },
      this.clock.now(),
      this.paymentWindowMs,
      this.quotas.slot('unpaidOrders', claims.unpaidOrders),
    );
    await tx.stocks.saveMany(taken);
    return tx.orders.save(order);
  }
}

function line({ stock, price }: Offer, basket: Basket): OrderItem {
  const { productId } = stock.state;
  return { productId, quantity: basket.quantityOf(productId), unitPrice: price };
}

/** Returns the units of an ended order to stock. */
export async function returnToStock(tx: Transaction, basket: Basket): Promise<void> {
  const stocks = await tx.stocks.getMany(basket.productIds);
  const back = stocks.map((stock) => stock.putBack(basket.quantityOf(stock.state.productId)));
  await tx.stocks.saveMany(back);
}
