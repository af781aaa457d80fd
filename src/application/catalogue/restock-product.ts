import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { StockState } from '../../domain/stock/stock.js';

/** Adds units of a product to its stock. */
export class RestockProduct {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  execute(productId: string, quantity: number, scope: RequestScope = {}): Promise<StockState> {
    return this.unitOfWork.run({ ...scope, locks: [stockKey(productId)] }, async (tx) => {
      const stock = await tx.stocks.get(productId);
      return (await tx.stocks.save(stock.restock(quantity))).state;
    });
  }
}
