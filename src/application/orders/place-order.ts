import { Basket, type BasketItem } from '../../domain/basket.js';
import { Order, type OrderItem, type OrderState } from '../../domain/order.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Product } from '../../domain/product.js';
import { stockKey } from '../../domain/resource-keys.js';

export interface OrderRequest {
  readonly userId: string;
  /** Each product at most once. */
  readonly items: readonly BasketItem[];
}

/** Takes the units of every item from stock, or of none, and records the order for payment. */
export class PlaceOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Milliseconds a customer has to pay. */
    private readonly paymentWindowMs: number,
  ) {}

  execute({ userId, items }: OrderRequest, scope: RequestScope = {}): Promise<OrderState> {
    const basket = new Basket(items);
    const locks = basket.productIds.map(stockKey);
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      const products = await tx.products.getMany(basket.productIds);
      const stocks = await tx.stocks.getMany(basket.productIds);
      const taken = stocks.map((stock) => stock.take(basket.quantityOf(stock.state.productId)));
      for (const stock of taken) await tx.stocks.save(stock);
      const order = Order.place(
        { id: this.ids.next(), userId, items: products.map((product) => line(product, basket)) },
        this.clock.now(),
        this.paymentWindowMs,
      );
      return (await tx.orders.save(order)).state;
    });
  }
}

function line({ state }: Product, basket: Basket): OrderItem {
  return {
    productId: state.id,
    quantity: basket.quantityOf(state.id),
    unitPrice: state.price,
  };
}
