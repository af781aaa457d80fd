import { DomainError } from '../../domain/errors.js';
import type { Basket } from '../../domain/orders/basket.js';
import { insufficientStock } from '../../domain/stock/stock.js';

/**
 * The orders of this process that wait for the locks of their products.
 *
 * An order that is refused for its stock has read the stock under the lock, so nobody could change it.
 * Its refusal holds for every order that waits at that moment and wants more than is left. So those
 * orders are refused at once, and none of them waits for the lock (docs/decisions/0017).
 */
export class StockWaiters {
  readonly #byProduct = new Map<string, Set<StockWaiter>>();

  join(basket: Basket): StockWaiter {
    const waiter = new StockWaiter(basket, () => this.#leave(waiter));
    for (const productId of basket.productIds) {
      const waiters = this.#byProduct.get(productId);
      if (waiters) waiters.add(waiter);
      else this.#byProduct.set(productId, new Set([waiter]));
    }
    return waiter;
  }

  /** Refuses the waiting orders that this refusal holds for. Call it while the locks are held. */
  onRefused(error: unknown): void {
    if (!(error instanceof DomainError) || error.code !== 'insufficient_stock') return;
    const { productId, available } = error.details as { productId: string; available: number };
    for (const waiter of [...(this.#byProduct.get(productId) ?? [])]) {
      waiter.refuseBeyond(productId, available);
    }
  }

  #leave(waiter: StockWaiter): void {
    for (const productId of waiter.basket.productIds) {
      const waiters = this.#byProduct.get(productId);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.#byProduct.delete(productId);
    }
  }
}

/** An order that waits for the locks of its products. */
class StockWaiter {
  readonly #refusal = new AbortController();

  constructor(
    readonly basket: Basket,
    /** The order got its locks, or waits no longer. */
    readonly leave: () => void,
  ) {}

  /** Aborts the wait for the locks, with the refusal as its reason. */
  get signal(): AbortSignal {
    return this.#refusal.signal;
  }

  refuseBeyond(productId: string, available: number): void {
    const wanted = this.basket.quantityOf(productId);
    if (wanted <= available) return;
    this.leave();
    this.#refusal.abort(insufficientStock(productId, wanted, available));
  }
}
