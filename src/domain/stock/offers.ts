import { productNotFound } from '../catalogue/product.js';
import type { OpenClaims } from '../orders/quotas.js';
import type { Stock } from './stock.js';

/** A customer who wants units of some products. */
export interface Buyer {
  readonly userId: string;
  readonly productIds: readonly string[];
}

export interface Offer {
  readonly stock: Stock;
  /** Price of one unit, in points. */
  readonly price: number;
}

const NO_CLAIMS: OpenClaims = { unpaidOrders: [], holds: [], units: 0 };

/** What is needed to decide orders: stocks, prices and open claims, all read at one moment. */
export class Offers {
  constructor(
    private readonly byProduct: ReadonlyMap<string, Offer>,
    private readonly claims: ReadonlyMap<string, OpenClaims>,
  ) {}

  /**
   * In the order of `productIds`.
   * @throws DomainError `product_not_found` with the first id that is missing
   */
  of(productIds: readonly string[]): Offer[] {
    return productIds.map((id) => this.one(id));
  }

  find(productId: string): Offer | undefined {
    return this.byProduct.get(productId);
  }

  /** @throws DomainError `product_not_found` */
  one(productId: string): Offer {
    const offer = this.find(productId);
    if (!offer) throw productNotFound(productId);
    return offer;
  }

  /** What the customer has open. It contains only what was counted. */
  claimsOf(userId: string): OpenClaims {
    return this.claims.get(userId) ?? NO_CLAIMS;
  }
}
