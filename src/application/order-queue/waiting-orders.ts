import { DomainError } from '../../domain/errors.js';
import type { Basket } from '../../domain/orders/basket.js';
import { insufficientStock } from '../../domain/stock/stock.js';

/**
 * The orders of this process that wait for their turn.
 *
 * Whose turn it is reads the stock while nobody else can change it. So what it finds is true at
 * that moment, and answers everybody who waits then: in a sale, the first who comes too late is
 * told so, and with him all behind him.
 */
export class WaitingOrders {
  private readonly byProduct = new Map<string, Set<WaitingOrder>>();

  join(basket: Basket): WaitingOrder {
    const order = new WaitingOrder(basket, () => this.leave(order));
    for (const productId of basket.productIds) {
      const orders = this.byProduct.get(productId);
      if (orders) orders.add(order);
      else this.byProduct.set(productId, new Set([order]));
    }
    return order;
  }

  /** An order was refused, and its locks are still held. */
  hear(error: unknown): void {
    if (!(error instanceof DomainError) || error.code !== 'insufficient_stock') return;
    const { productId, available } = error.details as { productId: string; available: number };
    for (const order of [...(this.byProduct.get(productId) ?? [])]) {
      order.refuseBeyond(productId, available);
    }
  }

  private leave(order: WaitingOrder): void {
    for (const productId of order.basket.productIds) {
      const orders = this.byProduct.get(productId);
      orders?.delete(order);
      if (orders?.size === 0) this.byProduct.delete(productId);
    }
  }
}

/** An order that waits for its turn, or is told that it need not. */
export class WaitingOrder {
  private readonly refusal = new AbortController();

  constructor(
    readonly basket: Basket,
    /** It is its turn, or it waits no more. */
    readonly leave: () => void,
  ) {}

  /** Ends the wait for the locks, with the refusal. */
  get signal(): AbortSignal {
    return this.refusal.signal;
  }

  refuseBeyond(productId: string, available: number): void {
    const wanted = this.basket.quantityOf(productId);
    if (wanted <= available) return;
    this.leave();
    this.refusal.abort(insufficientStock(productId, wanted, available));
  }
}
