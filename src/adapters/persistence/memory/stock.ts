import { productNotFound } from '../../../domain/catalogue/product.js';
import type { OpenClaims } from '../../../domain/orders/quotas.js';
import type { Replacement } from '../../../domain/ports/replacement.js';
import { type Buyer, type Offer, Offers } from '../../../domain/stock/offers.js';
import { type StockBatchRepository, StockQueries } from '../../../domain/stock/ports.js';
import { Stock, type StockState } from '../../../domain/stock/stock.js';
import {
  type MemoryDatabase,
  MemoryRows,
  putVersioned,
  replaceVersioned,
  slotsOf,
} from './memory-database.js';

export class MemoryStockRepository extends MemoryRows implements StockBatchRepository {
  async get(productId: string): Promise<Stock> {
    const state = this.tables.stocks.get(productId);
    if (!state) throw productNotFound(productId);
    return Stock.restore(state);
  }

  getMany(productIds: readonly string[]): Promise<Stock[]> {
    return Promise.all(productIds.map((id) => this.get(id)));
  }

  /** Counts all open claims, not only the requested ones. */
  async offers(buyers: readonly Buyer[]): Promise<Offers> {
    const { stocks, products } = this.tables;
    const offers = buyers
      .flatMap(({ productIds }) => productIds)
      .flatMap((id): [string, Offer][] => {
        const [stock, product] = [stocks.get(id), products.get(id)];
        return stock && product
          ? [[id, { stock: Stock.restore(stock), price: product.price }]]
          : [];
      });
    const claims = buyers.map(({ userId }) => [userId, this.#claimsOf(userId)] as const);
    return new Offers(new Map(offers), new Map(claims));
  }

  #claimsOf(userId: string): OpenClaims {
    return {
      unpaidOrders: slotsOf(this.tables, 'unpaidOrders', userId),
      holds: slotsOf(this.tables, 'holds', userId),
      units: Math.max(0, ...this.#unitsOf(userId).values()),
    };
  }

  async getOpenUnits(userId: string): Promise<Map<string, number>> {
    return this.#unitsOf(userId);
  }

  #unitsOf(userId: string): Map<string, number> {
    const { slots, orders, reservations } = this.tables;
    const units = new Map<string, number>();
    for (const { id } of [...slots.values()].filter((slot) => slot.userId === userId)) {
      const held = reservations.get(id);
      for (const { productId, quantity } of held ? [held] : (orders.get(id)?.items ?? [])) {
        units.set(productId, (units.get(productId) ?? 0) + quantity);
      }
    }
    return units;
  }

  async save({ state }: Stock): Promise<Stock> {
    this.write(({ stocks }) => putVersioned(stocks, state.productId, state));
    return this.get(state.productId);
  }

  saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    return Promise.all(stocks.map((stock) => this.save(stock)));
  }

  async replaceMany(replacements: readonly Replacement<StockState>[]): Promise<void> {
    this.write(({ stocks }) => {
      for (const each of replacements) replaceVersioned(stocks, each.state.productId, each);
    });
  }
}

export class MemoryStockQueries extends StockQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(productId: string): Promise<StockState> {
    const state = this.database.tables.stocks.get(productId);
    if (!state) throw productNotFound(productId);
    return state;
  }
}
