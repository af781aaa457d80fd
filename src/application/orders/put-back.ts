import type { Basket } from '../../domain/basket.js';
import type { Transaction } from '../../domain/ports/unit-of-work.js';

/** Returns the units of an order that has ended to stock. */
export async function putBack(tx: Transaction, basket: Basket): Promise<void> {
  for (const stock of await tx.stocks.getMany(basket.productIds)) {
    await tx.stocks.save(stock.putBack(basket.quantityOf(stock.state.productId)));
  }
}
