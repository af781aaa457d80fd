import { Product, type ProductState } from '../../domain/catalogue/product.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { CATALOGUE, productKey } from '../../domain/resource-keys.js';
import { Stock } from '../../domain/stock/stock.js';
import { invalidates } from '../caching/invalidates.js';

export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly category: string;
  /** Units in stock from the start. */
  readonly stock: number;
}

/**
 * Adds a product to the catalogue. It needs no lock, because no other request knows the new row.
 */
export class CreateProduct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  execute(fields: NewProduct, scope: RequestScope = {}): Promise<ProductState> {
    const { stock: units, ...description } = fields;
    const id = this.ids.next();
    const options = { ...scope, locks: [], ...invalidates([productKey(id), CATALOGUE]) };
    return this.unitOfWork.run(options, async (tx) => {
      const product = Product.create({ id, ...description }, this.clock.now());
      const saved = await tx.products.save(product);
      await tx.stocks.save(Stock.open(saved.state.id, units));
      return saved.state;
    });
  }
}
