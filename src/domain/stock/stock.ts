import { DomainError } from '../errors.js';

/** The largest stock of one product, in units. */
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

/**
 * Why the stock changed: a new product, a delivery, an order, a reservation, its confirmation, its
 * end, or the end of an order.
 */
export type StockChangeReason =
  | 'opened'
  | 'restocked'
  | 'taken'
  | 'held'
  | 'confirmed'
  | 'freed'
  | 'returned';

export interface StockChange {
  readonly reason: StockChangeReason;
  /** Units that the change adds, removes or moves. */
  readonly quantity: number;
}

/** How many units a change adds to each count. */
type Difference = Partial<Pick<StockState, 'available' | 'held'>>;

/** The units of one product. Neither count is ever negative. */
export class Stock {
  private constructor(
    readonly state: StockState,
    /** The change since the stock was read. It is recorded as an event when the stock is saved. */
    readonly change?: StockChange,
  ) {}

  static open(productId: string, available: number): Stock {
    const change: StockChange = { reason: 'opened', quantity: available };
    return new Stock({ productId, available, held: 0, version: 0 }, change);
  }

  static restore(state: StockState): Stock {
    return new Stock(state);
  }

  /** @throws DomainError `insufficient_stock` fewer than `quantity` are available */
  take(quantity: number): Stock {
    this.requireAvailable(quantity);
    return this.changed({ reason: 'taken', quantity }, { available: -quantity });
  }

  /**
   * Reserves units: they are neither sold nor available.
   * @throws DomainError `insufficient_stock` fewer than `quantity` are available
   */
  hold(quantity: number): Stock {
    this.requireAvailable(quantity);
    return this.changed({ reason: 'held', quantity }, { available: -quantity, held: quantity });
  }

  /** Makes reserved units available again. */
  free(quantity: number): Stock {
    this.requireHeld(quantity);
    return this.changed({ reason: 'freed', quantity }, { available: quantity, held: -quantity });
  }

  /** Moves reserved units to an order. */
  takeHeld(quantity: number): Stock {
    this.requireHeld(quantity);
    return this.changed({ reason: 'confirmed', quantity }, { held: -quantity });
  }

  /** Returns units that were taken before. They were in stock before, so no limit applies. */
  putBack(quantity: number): Stock {
    return this.changed({ reason: 'returned', quantity }, { available: quantity });
  }

  /** @throws DomainError `stock_limit_exceeded` the product would have more than MAX_STOCK units */
  restock(quantity: number): Stock {
    if (this.state.available + this.state.held + quantity > MAX_STOCK) {
      throw new DomainError('stock_limit_exceeded', 'The product would have too many units.', {
        productId: this.state.productId,
        limit: MAX_STOCK,
      });
    }
    return this.changed({ reason: 'restocked', quantity }, { available: quantity });
  }

  private requireAvailable(quantity: number): void {
    if (quantity > this.state.available) {
      throw insufficientStock(this.state.productId, quantity, this.state.available);
    }
  }

  private requireHeld(quantity: number): void {
    if (quantity > this.state.held) {
      throw new RangeError(`${this.state.productId} does not hold that many units`);
    }
  }

  private changed(change: StockChange, { available = 0, held = 0 }: Difference): Stock {
    const { state } = this;
    const next = { available: state.available + available, held: state.held + held };
    return new Stock({ ...state, ...next }, change);
  }
}

function insufficientStock(productId: string, requested: number, available: number): DomainError {
  return new DomainError('insufficient_stock', 'Not enough units of the product are left.', {
    productId,
    requested,
    available,
  });
}
