import type { BasketItem } from '../../domain/orders/basket.js';

/** What a customer wants to buy, at once or through the queue. */
export interface PlaceOrderInput {
  readonly userId: string;
  /** Each product at most once. */
  readonly items: readonly BasketItem[];
}
