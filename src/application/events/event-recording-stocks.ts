import type { Counted } from '../../domain/orders/quotas.js';
import type { Buyer, Offers } from '../../domain/stock/offers.js';
import { StockRepository } from '../../domain/stock/ports.js';
import type { Stock } from '../../domain/stock/stock.js';
import type { RecordEvent } from './event-body.js';

/** Records the event of each stock that is saved. */
export class EventRecordingStocks extends StockRepository {
  constructor(
    private readonly inner: StockRepository,
    private readonly record: RecordEvent,
  ) {
    super();
  }

  override get(productId: string): Promise<Stock> {
    return this.inner.get(productId);
  }

  override getMany(productIds: readonly string[]): Promise<Stock[]> {
    return this.inner.getMany(productIds);
  }

  override offers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<Offers> {
    return this.inner.offers(buyers, counted);
  }

  override getOpenUnits(
    userId: string,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    return this.inner.getOpenUnits(userId, productIds);
  }

  override async save(stock: Stock): Promise<Stock> {
    const saved = await this.inner.save(stock);
    this.recordChange(stock, saved);
    return saved;
  }

  override async saveMany(stocks: readonly Stock[]): Promise<Stock[]> {
    const saved = await this.inner.saveMany(stocks);
    for (const [i, stock] of stocks.entries()) this.recordChange(stock, saved[i] ?? stock);
    return saved;
  }

  private recordChange({ change }: Stock, { state }: Stock): void {
    if (!change) return;
    // @plant stock-event
    const { productId, version, available, held } = state;
    const data = { productId, version, available, held, ...change };
    this.record({ type: 'stock.changed', key: productId, data });
  }
}
