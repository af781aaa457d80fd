import type { Model, ModelAttributes, Sequelize } from 'sequelize';
import {
  defineProducts,
  type ProductRow,
  type ProductsTable,
} from '../../../adapters/persistence/sql/aggregates/products.js';

/** A table like the product's `products` under another name. */
export function defineCatalogueTable(sequelize: Sequelize, name: string): ProductsTable {
  const columns = Object.entries(defineProducts(sequelize).getAttributes()).map(
    ([column, { type, allowNull = false, primaryKey = false }]) => [
      column,
      { type, allowNull, primaryKey },
    ],
  );
  const attributes = Object.fromEntries(columns) as ModelAttributes<Model<ProductRow>>;
  return sequelize.define<Model<ProductRow>>(name, attributes);
}

/** The only product. */
export const TEA = 'tea';
export const OLD_PRICE = 100;
export const NEW_PRICE = 110;

export function teaAt(price: number): ProductRow {
  const description = { sku: 'TEA', name: 'Tea', category: 'tea', likes: 0 };
  return { id: TEA, ...description, price, version: 1, updatedAt: new Date() };
}
