import { type ProductState, productNotFound } from '../../../domain/catalogue/product.js';
import { ProductQueries } from '../../../domain/catalogue/product-queries.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { MemoryDatabase } from './memory-database.js';
import { pageOf } from './page-of.js';

export class MemoryProductQueries extends ProductQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<ProductState> {
    const state = this.database.tables.products.get(id);
    if (!state) throw productNotFound(id);
    return state;
  }

  override async findMissing(ids: readonly string[]): Promise<readonly string[]> {
    return ids.filter((id) => !this.database.tables.products.has(id));
  }

  override async list(page: PageRequest, category?: string): Promise<Page<ProductState>> {
    const all = [...this.database.tables.products.values()];
    return pageOf(
      all.filter((product) => category === undefined || product.category === category),
      page,
    );
  }
}
