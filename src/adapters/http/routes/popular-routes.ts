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
      readLocal: ({ window, limit }) => findPopular.readLocal(window, limit),
      handle: async ({ query }) => ({ text: await findPopular.execute(query.window, query.limit) }),
    }),
  ];
}
