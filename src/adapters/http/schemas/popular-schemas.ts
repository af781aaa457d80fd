import { z } from 'zod';
import { POPULARITY_WINDOWS } from '../../../domain/popularity/popularity.js';
import { Instant, PageQuery } from './primitives.js';
import { ProductBody } from './product-schemas.js';

const Window = z.enum(POPULARITY_WINDOWS).meta({ description: 'Time window of the sales' });

export const PopularQuery = z.strictObject({
  window: Window,
  limit: PageQuery.shape.limit,
});

export const PopularBody = z
  .object({
    window: Window,
    computedAt: Instant.meta({ description: 'When the ranking was computed' }),
    items: z.array(
      z.object({
        rank: z.int().min(1).meta({ description: '1: the most sales' }),
        product: ProductBody,
        sold: z.int().min(1).meta({ description: 'Units of paid orders' }),
      }),
    ),
  })
  .meta({ id: 'PopularItems' });
