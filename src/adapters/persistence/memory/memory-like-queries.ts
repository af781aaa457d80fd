import type { Like } from '../../../domain/catalogue/like.js';
import { LikeQueries } from '../../../domain/catalogue/like-queries.js';
import type { MemoryDatabase } from './memory-database.js';

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
