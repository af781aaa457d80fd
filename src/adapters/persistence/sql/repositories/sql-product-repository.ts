import { QueryTypes, type Transaction } from 'sequelize';
import { Product, productNotFound } from '../../../../domain/catalogue/product.js';
import { ProductRepository } from '../../../../domain/catalogue/product-repository.js';
import { DomainError } from '../../../../domain/errors.js';
import { isDuplicate } from '../sql-failures.js';
import type { ProductsTable } from '../tables/products-table.js';
import { allOf } from './all-of.js';
import { saveVersioned } from './versioned-row.js';

export class SqlProductRepository extends ProductRepository {
  constructor(
    private readonly products: ProductsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Product> {
    const row = await this.products.findByPk(id, { transaction: this.transaction });
    if (!row) throw productNotFound(id);
    return Product.restore(row.get());
  }

  override async getMany(ids: readonly string[]): Promise<Product[]> {
    const rows = await this.products.findAll({
      where: { id: [...ids] },
      transaction: this.transaction,
    });
    const found = new Map(rows.map((row) => [row.get().id, Product.restore(row.get())]));
    return allOf(ids, found, productNotFound);
  }

  override async save(product: Product): Promise<Product> {
    const { state } = product;
    if (state.version === 0) await this.takeTurn();
    try {
      const key = { id: state.id };
      // The likes are counted beside the editors, so what an editor read of them may be old.
      const version = await saveVersioned(this.products, state, key, this.transaction, ['likes']);
      return Product.restore({ ...state, version });
    } catch (error) {
      if (!isDuplicate(error, 'sku')) throw error;
      throw new DomainError('sku_taken', 'Another product has this sku.', { sku: state.sku });
    }
  }

  /**
   * Waits for whoever adds a product at this time. So products are numbered in the order in which
   * they are committed, and who reads page by page, the oldest first, passes none over. SQLite has
   * one writer anyway.
   */
  private async takeTurn(): Promise<void> {
    const { sequelize } = this.products;
    if (sequelize?.getDialect() !== 'mysql') return;
    const { transaction } = this;
    const lock = "SELECT name FROM sequences WHERE name = 'products' FOR UPDATE";
    await sequelize.query(lock, { transaction, type: QueryTypes.SELECT });
  }
}
