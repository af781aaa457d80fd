import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

export interface LikeRow {
  productId: string;
  userId: string;
  liked: boolean;
  /** Whether the product's count contains it. */
  counted: boolean;
  /** The database keeps it: `liked` and `counted` differ. */
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
