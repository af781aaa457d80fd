import { IndexHints } from 'sequelize';
import { type ProductState, productNotFound } from '../../../../domain/catalogue/product.js';
import { ProductQueries } from '../../../../domain/catalogue/product-queries.js';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import type { ProductsTable } from '../tables/products-table.js';
import { pageInOrder, sequenceOf } from './page-in-order.js';

/** Else MySQL sorts all products of a small catalogue for one page of them. */
const IN_SEQUENCE = { type: IndexHints.FORCE, values: ['products_in_sequence'] };

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
    const isWhole = category === undefined;
    const filter = isWhole ? {} : { category };
    const indexHints = isWhole ? [IN_SEQUENCE] : [];
    const table = this.products;
    const oldestFirst = { table, column: sequenceOf(table), direction: 'ASC' } as const;
    return pageInOrder(page, oldestFirst, async ({ where, ...rest }) => {
      const options = { where: { ...filter, ...where }, indexHints, ...rest };
      const rows = await this.products.findAll(options);
      return rows.map((row) => row.get());
    });
  }
}
