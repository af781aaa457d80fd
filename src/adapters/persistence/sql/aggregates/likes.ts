import {
  col,
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from 'sequelize';
import type { Like, LikeChange } from '../../../../domain/catalogue/like.js';
import { LikeQueries, LikeRepository } from '../../../../domain/catalogue/ports.js';
import type { ProductsTable } from './products.js';

export interface LikeRow {
  productId: string;
  userId: string;
  liked: boolean;
  /** Whether the count of the product contains it. */
  counted: boolean;
  /** Computed by the database: whether `liked` and `counted` differ. */
  uncounted?: boolean;
}

export type LikesTable = ModelStatic<Model<LikeRow>>;

export function defineLikes(sequelize: Sequelize): LikesTable {
  return sequelize.define<Model<LikeRow>>('product_likes', {
    productId: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), primaryKey: true },
    liked: { type: DataTypes.BOOLEAN, allowNull: false },
    counted: { type: DataTypes.BOOLEAN, allowNull: false },
    uncounted: { type: DataTypes.BOOLEAN },
  });
}

export class SqlLikeRepository extends LikeRepository {
  constructor(
    private readonly tables: { readonly likes: LikesTable; readonly products: ProductsTable },
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async note(changes: readonly LikeChange[]): Promise<void> {
    // The same sequence everywhere, so that two batches never wait for each other in a circle.
    const rows = changes.map((change) => ({ ...change, counted: false })).sort(byKey);
    await this.tables.likes.bulkCreate(rows, {
      fields: ['productId', 'userId', 'liked', 'counted'],
      updateOnDuplicate: ['liked'],
      transaction: this.transaction,
    });
  }

  override async count(likes: readonly Like[]): Promise<number> {
    const { transaction } = this;
    const found = await this.tables.likes.findAll({
      where: rowsOf(likes),
      order: ['productId', 'userId'],
      lock: transaction.LOCK.UPDATE,
      transaction,
    });
    const rows = found.map((row) => row.get()).filter(({ liked, counted }) => liked !== counted);
    if (rows.length === 0) return 0;
    for (const [id, ofProduct] of Map.groupBy(rows, ({ productId }) => productId)) {
      const difference = ofProduct.reduce((sum, { liked }) => sum + (liked ? 1 : -1), 0);
      if (difference === 0) continue;
      await this.tables.products.increment({ likes: difference }, { where: { id }, transaction });
    }
    // Only the rows that were locked above: a row that was added since is in no count yet.
    const where = rowsOf(rows);
    await this.tables.likes.update({ counted: col('liked') }, { where, transaction });
    await this.tables.likes.destroy({
      where: { [Op.and]: [where, { liked: false }] },
      transaction,
    });
    return rows.length;
  }
}

function rowsOf(likes: readonly Like[]): WhereOptions<LikeRow> {
  const byProduct = [...Map.groupBy(likes, ({ productId }) => productId)];
  return {
    [Op.or]: byProduct.map(([productId, ofProduct]) => ({
      productId,
      userId: ofProduct.map(({ userId }) => userId),
    })),
  };
}

function byKey(a: Like, b: Like): number {
  return compare(a.productId, b.productId) || compare(a.userId, b.userId);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

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
