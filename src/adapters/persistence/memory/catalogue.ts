import type { Like, LikeChange } from '../../../domain/catalogue/like.js';
import {
  LikeQueries,
  type LikeRepository,
  ProductQueries,
  type ProductRepository,
} from '../../../domain/catalogue/ports.js';
import { Product, type ProductState, productNotFound } from '../../../domain/catalogue/product.js';
import { DomainError } from '../../../domain/errors.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import {
  type MemoryDatabase,
  MemoryRows,
  type MemoryTables,
  pageOf,
  putVersioned,
} from './memory-database.js';

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
      // A like changes the count without the lock of the product, so an editor may have read an old
      // count.
      const likes = products.get(state.id)?.likes ?? state.likes;
      putVersioned(products, state.id, { ...state, likes });
    });
    return this.get(state.id);
  }
}

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

export class MemoryLikeRepository extends MemoryRows implements LikeRepository {
  async note(changes: readonly LikeChange[]): Promise<void> {
    this.write(({ likes }) => {
      for (const change of changes) {
        const counted = likes.get(likeKey(change))?.counted ?? false;
        likes.set(likeKey(change), { ...change, counted });
      }
    });
  }

  async count(named: readonly Like[]): Promise<number> {
    const { likes } = this.tables;
    const differing = named.filter((like) => {
      const row = likes.get(likeKey(like));
      return row && row.liked !== row.counted;
    });
    this.write((tables) => {
      for (const like of named) countIn(tables, likeKey(like));
    });
    return differing.length;
  }
}

function countIn({ likes, products }: MemoryTables, key: string): void {
  const row = likes.get(key);
  const product = row && products.get(row.productId);
  if (!product) return;
  const difference = Number(row.liked) - Number(row.counted);
  products.set(product.id, { ...product, likes: product.likes + difference });
  if (row.liked) likes.set(key, { ...row, counted: true });
  else likes.delete(key);
}

function likeKey({ productId, userId }: Like): string {
  return JSON.stringify([productId, userId]);
}

export class MemoryLikeQueries extends LikeQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async uncounted(limit: number): Promise<Like[]> {
    const rows = [...this.database.tables.likes].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows
      .filter(([, { liked, counted }]) => liked !== counted)
      .slice(0, limit)
      .map(([, { productId, userId }]) => ({ productId, userId }));
  }
}
