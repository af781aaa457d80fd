import type { FindPopular } from '../../../application/popularity/find-popular.js';
import { type AnyRoute, route } from '../route.js';
import { PopularBody, PopularQuery } from '../schemas/popular-schemas.js';

export function popularRoutes(findPopular: FindPopular): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/v1/products/popular',
      access: 'anyone',
      summary: 'Read the products with the most sales in a time window',
      query: PopularQuery,
      success: {
        status: 200,
        description: 'The ranking of the last computation, with the current products',
        body: PopularBody,
      },
      handle: async ({ query }) => {
        const { items, ...ranking } = await findPopular.execute(query.window, query.limit);
        const read = items.map((item) => ({ ...item, product: JSON.parse(item.product) }));
        return { body: { ...ranking, items: read } };
      },
    }),
  ];
}
