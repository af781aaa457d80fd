import type { Counted } from '../../domain/orders/quotas.js';
import { StockRepository, type StocksAndClaims } from '../../domain/stock/ports.js';
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

  override getManyFor(
    userId: string,
    productIds: readonly string[],
    counted: readonly Counted[],
  ): Promise<StocksAndClaims> {
    return this.inner.getManyFor(userId, productIds, counted);
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

  private recordChange({ news }: Stock, { state }: Stock): void {
    if (!news) return;
    // @plant stock-event
    const { productId, version, available, held } = state;
    const data = { productId, version, available, held, ...news };
    this.record({ type: 'stock.changed', key: productId, data });
  }
}
