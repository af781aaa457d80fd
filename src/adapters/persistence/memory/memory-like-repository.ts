import type { Like, LikeChange } from '../../../domain/catalogue/like.js';
import type { LikeRepository } from '../../../domain/catalogue/like-repository.js';
import type { MemoryTables } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryLikeRepository extends MemoryRows implements LikeRepository {
  async note(changes: readonly LikeChange[]): Promise<void> {
    this.write(({ likes }) => {
      for (const change of changes) {
        const counted = likes.get(keyOf(change))?.counted ?? false;
        likes.set(keyOf(change), { ...change, counted });
      }
    });
  }

  async count(named: readonly Like[]): Promise<number> {
    const { likes } = this.tables;
    const differing = named.filter((like) => {
      const row = likes.get(keyOf(like));
      return row && row.liked !== row.counted;
    });
    this.write((tables) => {
      for (const like of named) countIn(tables, keyOf(like));
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

function keyOf({ productId, userId }: Like): string {
  return JSON.stringify([productId, userId]);
}
