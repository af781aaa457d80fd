import type { Basket } from '../../domain/orders/basket.js';
import type { Transaction } from '../../domain/ports/unit-of-work.js';

/** Returns the units of an order that has ended to stock. */
export async function putBack(tx: Transaction, basket: Basket): Promise<void> {
  const stocks = await tx.stocks.getMany(basket.productIds);
  const back = stocks.map((stock) => stock.putBack(basket.quantityOf(stock.state.productId)));
  await tx.stocks.saveMany(back);
}
