import { Product, productNotFound } from '../../../domain/catalogue/product.js';
import type { ProductRepository } from '../../../domain/catalogue/product-repository.js';
import { DomainError } from '../../../domain/errors.js';
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
      // The likes are counted beside the editors, so what an editor read of them may be old.
      const likes = products.get(state.id)?.likes ?? state.likes;
      putVersioned(products, state.id, { ...state, likes });
    });
    return this.get(state.id);
  }
}
