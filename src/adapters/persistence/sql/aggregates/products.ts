import {
  DataTypes,
  IndexHints,
  type Model,
  type ModelStatic,
  QueryTypes,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { ProductQueries, ProductRepository } from '../../../../domain/catalogue/ports.js';
import {
  Product,
  type ProductState,
  productNotFound,
} from '../../../../domain/catalogue/product.js';
import { DomainError } from '../../../../domain/errors.js';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import { pageInOrder, sequenceOf } from '../paging.js';
import { allOf, findRow, findRows, saveVersioned } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  price: number;
  category: string;
  likes: number;
  version: number;
  updatedAt: Date;
}

export type ProductsTable = ModelStatic<Model<ProductRow>>;

export function defineProducts(sequelize: Sequelize): ProductsTable {
  return sequelize.define<Model<ProductRow>>('products', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    sku: { type: DataTypes.STRING(64), allowNull: false },
    name: { type: DataTypes.STRING(200), allowNull: false },
    price: { type: DataTypes.BIGINT, allowNull: false },
    category: { type: DataTypes.STRING(64), allowNull: false },
    likes: { type: DataTypes.BIGINT, allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    updatedAt: { type: DataTypes.DATE(3), allowNull: false },
  });
}

export class SqlProductRepository extends ProductRepository {
  constructor(
    private readonly products: ProductsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Product> {
    const row = await findRow(this.products, 'id', id, this.transaction);
    if (!row) throw productNotFound(id);
    return Product.restore(row);
  }

  override async getMany(ids: readonly string[]): Promise<Product[]> {
    const rows = await findRows(this.products, 'id', ids, this.transaction);
    const found = new Map(rows.map((row) => [row.id, Product.restore(row)]));
    return allOf(ids, found, productNotFound);
  }

  override async save(product: Product): Promise<Product> {
    const { state } = product;
    if (state.version === 0) await this.lockSequence();
    try {
      const key = { id: state.id };
      // A like changes the count without the lock of the product, so an editor may have read an old
      // count.
      const version = await saveVersioned(this.products, state, key, this.transaction, ['likes']);
      return Product.restore({ ...state, version });
    } catch (error) {
      if (!isDuplicate(error, 'sku')) throw error;
      throw new DomainError('sku_taken', 'Another product has this sku.', { sku: state.sku });
    }
  }

  /**
   * Waits for other transactions that add a product. So products are numbered in the sequence of
   * their commits, and a client that reads page by page, oldest first, misses none. SQLite does not
   * need this, because it has one writer.
   */
  private async lockSequence(): Promise<void> {
    const { sequelize } = this.products;
    if (sequelize?.getDialect() !== 'mysql') return;
    const { transaction } = this;
    const lock = "SELECT name FROM sequences WHERE name = 'products' FOR UPDATE";
    await sequelize.query(lock, { transaction, type: QueryTypes.SELECT });
  }
}

/** Without the hint MySQL sorts all products of a small catalogue to read one page. */
const IN_SEQUENCE = { type: IndexHints.FORCE, values: ['products_in_sequence'] };

export class SqlProductQueries extends ProductQueries {
  constructor(private readonly products: ProductsTable) {
    super();
  }

  override async get(id: string): Promise<ProductState> {
    const row = await findRow(this.products, 'id', id);
    if (!row) throw productNotFound(id);
    return row;
  }

  override async findMissing(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await findRows(this.products, 'id', ids);
    const found = new Set(rows.map((row) => row.id));
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
