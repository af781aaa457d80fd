import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import { ProductQueries } from '../../../../domain/ports/product-queries.js';
import { type ProductState, productNotFound } from '../../../../domain/product.js';
import type { ProductsTable } from '../tables/products-table.js';
import { pageInOrder, sequenceOf } from './page-in-order.js';

export class SqlProductQueries extends ProductQueries {
  constructor(private readonly products: ProductsTable) {
    super();
  }

  override async get(id: string): Promise<ProductState> {
    const row = await this.products.findByPk(id);
    if (!row) throw productNotFound(id);
    return row.get();
  }

  override async findMissing(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.products.findAll({ where: { id: [...ids] }, attributes: ['id'] });
    const found = new Set(rows.map((row) => row.get().id));
    return ids.filter((id) => !found.has(id));
  }

  override async list(page: PageRequest, category?: string): Promise<Page<ProductState>> {
    const filter = category === undefined ? {} : { category };
    const table = this.products;
    const oldestFirst = { table, column: sequenceOf(table), direction: 'ASC' } as const;
    return pageInOrder(page, oldestFirst, async ({ where, ...rest }) => {
      const rows = await this.products.findAll({ where: { ...filter, ...where }, ...rest });
      return rows.map((row) => row.get());
    });
  }
}
