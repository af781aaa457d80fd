import type { BasketItem } from '../../domain/orders/basket.js';
import { ConcurrencyLimit, LARGEST_ORDER } from './concurrency-limit.js';

/**
 * A concurrency limit for each customer. The large orders of one customer run one after another, so a
 * customer who sends many at once delays only their own orders. An order of one item never waits.
 */
export class CustomerConcurrency {
  readonly #limits = new Map<string, ConcurrencyLimit>();

  /** @throws the reason of `signal`, when it aborts before the work begins */
  within<T>(
    { userId, items }: { readonly userId: string; readonly items: readonly BasketItem[] },
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const size = items.length - 1;
    return size === 0 ? work() : this.#limitOf(userId).within(size, work, signal);
  }

  #limitOf(userId: string): ConcurrencyLimit {
    const known = this.#limits.get(userId);
    if (known) return known;
    const limit = new ConcurrencyLimit(LARGEST_ORDER, () => this.#limits.delete(userId));
    this.#limits.set(userId, limit);
    return limit;
  }
}
