import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';

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
