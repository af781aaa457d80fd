import type { Like } from '../../../../domain/catalogue/like.js';
import { LikeQueries } from '../../../../domain/catalogue/like-queries.js';
import type { LikesTable } from '../tables/likes-table.js';

export class SqlLikeQueries extends LikeQueries {
  constructor(private readonly likes: LikesTable) {
    super();
  }

  override async uncounted(limit: number): Promise<Like[]> {
    const rows = await this.likes.findAll({
      attributes: ['productId', 'userId'],
      where: { uncounted: true },
      order: ['productId', 'userId'],
      limit,
    });
    return rows.map((row) => {
      const { productId, userId } = row.get();
      return { productId, userId };
    });
  }
}
