import { DomainError } from './errors.js';

/** The most units of one product the service keeps. */
export const MAX_STOCK = 1_000_000_000;

export interface StockState {
  readonly productId: string;
  /** Units that can be sold now. */
  readonly available: number;
  /** Units set aside by reservations, neither available nor sold. */
  readonly held: number;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** The units of one product. Neither count is ever negative. */
export class Stock {
  private constructor(readonly state: StockState) {}

  static open(productId: string, available: number): Stock {
    return new Stock({ productId, available, held: 0, version: 0 });
  }

  static restore(state: StockState): Stock {
    return new Stock(state);
  }

  /** @throws DomainError `insufficient_stock` fewer than `quantity` are available */
  take(quantity: number): Stock {
    this.requireAvailable(quantity);
    return this.withAvailable(this.state.available - quantity);
  }

  /**
   * Sets units aside, neither sold nor available.
   * @throws DomainError `insufficient_stock` fewer than `quantity` are available
   */
  hold(quantity: number): Stock {
    this.requireAvailable(quantity);
    return this.withHeld(this.state.held + quantity).withAvailable(this.state.available - quantity);
  }

  /** Makes units that were held available again. */
  free(quantity: number): Stock {
    return this.withHeld(this.state.held - quantity).withAvailable(this.state.available + quantity);
  }

  /** Gives units that were held to an order. */
  takeHeld(quantity: number): Stock {
    return this.withHeld(this.state.held - quantity);
  }

  /** Gives back units that were taken before; they were in stock once, so no limit applies. */
  putBack(quantity: number): Stock {
    return this.withAvailable(this.state.available + quantity);
  }

  /** @throws DomainError `stock_limit_exceeded` the product would pass MAX_STOCK units */
  restock(quantity: number): Stock {
    if (this.state.available + this.state.held + quantity > MAX_STOCK) {
      throw new DomainError('stock_limit_exceeded', 'The product would have too many units.', {
        productId: this.state.productId,
        limit: MAX_STOCK,
      });
    }
    return this.withAvailable(this.state.available + quantity);
  }

  private requireAvailable(quantity: number): void {
    if (quantity > this.state.available) {
      throw insufficientStock(this.state.productId, quantity, this.state.available);
    }
  }

  private withHeld(held: number): Stock {
    if (held < 0) throw new RangeError(`${this.state.productId} does not hold that many units`);
    return new Stock({ ...this.state, held });
  }

  private withAvailable(available: number): Stock {
    return new Stock({ ...this.state, available });
  }
}

export function insufficientStock(
  productId: string,
  requested: number,
  available: number,
): DomainError {
  return new DomainError('insufficient_stock', 'Not enough units of the product are left.', {
    productId,
    requested,
    available,
  });
}
