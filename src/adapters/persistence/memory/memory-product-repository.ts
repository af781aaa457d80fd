import { DomainError } from '../../../domain/errors.js';
import type { ProductRepository } from '../../../domain/ports/product-repository.js';
import { Product, productNotFound } from '../../../domain/product.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryProductRepository extends MemoryRows implements ProductRepository {
  async get(id: string): Promise<Product> {
    const state = this.tables.products.get(id);
    if (!state) throw productNotFound(id);
    return Product.restore(state);
  }

  getMany(ids: readonly string[]): Promise<Product[]> {
    return Promise.all(ids.map((id) => this.get(id)));
  }

  async save({ state }: Product): Promise<Product> {
    this.write(({ products }) => {
      const twin = [...products.values()].find((p) => p.sku === state.sku && p.id !== state.id);
      if (twin) {
        throw new DomainError('sku_taken', 'Another product has this sku.', { sku: state.sku });
      }
      putVersioned(products, state.id, state);
    });
    return this.get(state.id);
  }
}
