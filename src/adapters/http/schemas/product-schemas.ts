import { z } from 'zod';
import { MAX_STOCK } from '../../../domain/stock/stock.js';
import { Id, Instant, line, PageQuery, Points, pageOf, Version } from './primitives.js';

const Sku = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .meta({ description: 'Unique among products', examples: ['TEA-001'] });
const Name = line(200).meta({ examples: ['Jeju green tea'] });
const Category = line(64).meta({ examples: ['tea'] });

export const ProductBody = z
  .object({
    id: Id,
    sku: Sku,
    name: Name,
    price: Points,
    category: Category,
    likes: z.int().min(0),
    version: Version,
    updatedAt: Instant,
  })
  .meta({ id: 'Product' });

export const NewProductBody = z
  .strictObject({
    sku: Sku,
    name: Name,
    price: Points,
    category: Category,
    stock: z.int().min(0).max(MAX_STOCK).meta({ description: 'Initial units in stock' }),
  })
  .meta({ id: 'NewProduct' });

export const ProductChangeBody = z
  .strictObject({
    name: Name.exactOptional(),
    price: Points.exactOptional(),
    category: Category.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'must change at least one field' })
  .meta({ id: 'ProductChange', override: { minProperties: 1 } });

export const ProductPageQuery = PageQuery.extend({ category: Category.optional() });
export const ProductPage = pageOf(ProductBody).meta({ id: 'ProductPage' });

export const StockBody = z
  .object({
    productId: Id,
    available: z.int().min(0).meta({ description: 'Units that can be ordered now' }),
    held: z.int().min(0).meta({ description: 'Units held by reservations' }),
    version: Version,
  })
  .meta({ id: 'Stock' });

export const RestockBody = z
  .strictObject({ quantity: z.int().min(1).max(10_000) })
  .meta({ id: 'Restock' });
