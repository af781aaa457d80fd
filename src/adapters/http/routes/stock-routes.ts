import type { RestockProduct } from '../../../application/catalogue/restock-product.js';
import type { StockQueries } from '../../../domain/stock/ports.js';
import { type AnyRoute, route } from '../route.js';
import { RestockBody, StockBody } from '../schemas/product-schemas.js';

export interface StockUseCases {
  readonly stocks: StockQueries;
  readonly restockProduct: RestockProduct;
}

export function stockRoutes(use: StockUseCases): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/v1/products/{id}/stock',
      access: 'anyone',
      summary: 'Read the stock of a product from the database, never from a cache',
      idOf: 'product',
      success: { status: 200, description: 'The stock', body: StockBody },
      handle: async ({ id }) => ({ body: await use.stocks.get(id) }),
    }),
    route({
      method: 'post',
      path: '/v1/products/{id}/restocks',
      access: 'admin',
      summary: 'Add units to the stock of a product',
      idOf: 'product',
      body: RestockBody,
      success: { status: 201, description: 'The changed stock', body: StockBody },
      refusals: ['stock_limit_exceeded'],
      handle: async ({ id, body, scope }) => ({
        body: await use.restockProduct.execute(id, body.quantity, scope),
      }),
    }),
  ];
}
