import type { ProductQueries } from '../../domain/catalogue/ports.js';
import { Product } from '../../domain/catalogue/product.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { CATALOGUE } from '../../domain/resource-keys.js';
import { Stock } from '../../domain/stock/stock.js';
import { invalidates } from '../caching/invalidates.js';
import type { NewProduct } from './create-product.js';
import { DEMO_CATALOGUE } from './demo-catalogue.js';

/** Products of one transaction. */
const BATCH = 100;

/** Fills the catalogue with a few demo products, or with many products for a measurement. */
export class SeedCatalogue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductQueries,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  /** Adds the demo catalogue to an empty catalogue; answers how many products it added. */
  async demo(): Promise<number> {
    const { items } = await this.products.list({ limit: 1 });
    if (items.length > 0) return 0;
    await this.#add(DEMO_CATALOGUE);
    return DEMO_CATALOGUE.length;
  }

  /** Adds `count` invented products; `progress` gets their number after each batch. */
  async many(count: number, progress: (added: number) => void): Promise<void> {
    for (let added = 0; added < count; ) {
      const size = Math.min(BATCH, count - added);
      await this.#add(Array.from({ length: size }, (_, i) => this.#madeUp(added + i)));
      added += size;
      progress(added);
    }
  }

  #add(batch: readonly NewProduct[]): Promise<void> {
    return this.unitOfWork.run({ locks: [], ...invalidates([CATALOGUE]) }, async (tx) => {
      for (const { stock, ...description } of batch) {
        const id = this.ids.next();
        await tx.products.save(Product.create({ id, ...description }, this.clock.now()));
        await tx.stocks.save(Stock.open(id, stock));
      }
    });
  }

  #madeUp(index: number): NewProduct {
    const model = DEMO_CATALOGUE[index % DEMO_CATALOGUE.length] as NewProduct;
    return {
      ...model,
      sku: `SEED-${this.ids.next()}`,
      name: `${model.name} ${index + 1}`,
      price: model.price + (index % 50) * 100,
    };
  }
}
