import type { z } from 'zod';
import type { CachedProducts } from '../../../application/catalogue/cached-products.js';
import type { CreateProduct } from '../../../application/catalogue/create-product.js';
import type { ReviseProduct } from '../../../application/catalogue/revise-product.js';
import type { ProductQueries } from '../../../domain/catalogue/ports.js';
import { type ProductState, productNotFound } from '../../../domain/catalogue/product.js';
import { CATALOGUE, productKey } from '../../../domain/resource-keys.js';
import { CACHE_STATUS } from '../caching/cache-status.js';
import type { Cursors } from '../requests/cursor.js';
import { problemOf } from '../responses/problem-of.js';
import { productCondition, productTag } from '../responses/product-tag.js';
import { type AnyRoute, type Reply, route } from '../route.js';
import {
  NewProductBody,
  ProductBody,
  ProductChangeBody,
  ProductPage,
  ProductPageQuery,
} from '../schemas/product-schemas.js';

export interface ProductUseCases {
  readonly cursors: Cursors;
  readonly products: ProductQueries;
  readonly cachedProducts: CachedProducts;
  readonly createProduct: CreateProduct;
  readonly reviseProduct: ReviseProduct;
}

const TAG = { ETag: 'Entity tag, for If-None-Match and If-Match' };

type ShownProducts = Pick<z.output<typeof ProductPage>, 'items'>;
type ListedProducts = z.output<typeof ProductPageQuery>;

export function productRoutes(use: ProductUseCases): AnyRoute[] {
  const pageOf = (query: ListedProducts) => use.cursors.page(['products', query.category], query);
  return [
    route({
      method: 'post',
      path: '/v1/products',
      access: 'admin',
      summary: 'Add a product with its initial stock',
      body: NewProductBody,
      success: {
        status: 201,
        description: 'The product',
        body: ProductBody,
        headers: { ...TAG, Location: 'URL of the product' },
      },
      invalidates: true,
      refusals: ['sku_taken'],
      handle: async ({ body, scope }) => {
        const product = await use.createProduct.execute(body, scope);
        const reply = productReply(product);
        return { ...reply, headers: { ...reply.headers, Location: `/v1/products/${product.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/products',
      access: 'anyone',
      summary: 'List products, oldest first',
      query: ProductPageQuery,
      success: { status: 200, description: 'A page of products', body: ProductPage },
      cache: {
        resources: ({ items }: ShownProducts) => [
          CATALOGUE,
          ...items.map(({ id }) => productKey(id)),
        ],
        // Clients can make any number of queries with empty results, and those are cheap.
        isKept: (query: ListedProducts) => pageOf(query).isUsual,
        isKeptBody: ({ items }: ShownProducts) => items.length > 0,
      },
      handle: async ({ query }) => {
        const page = pageOf(query);
        return { body: page.body(await use.products.list(page.request, query.category)) };
      },
    }),
    route({
      method: 'get',
      path: '/v1/products/{id}',
      access: 'anyone',
      summary: 'Read a product',
      idOf: 'product',
      success: { status: 200, description: 'The product', body: ProductBody, headers: TAG },
      cache: { entry: (id) => ({ key: productKey(id) }), tag: tagOfText },
      handle: async ({ id, minimumVersion }) => {
        const { text, source } = await use.cachedProducts.find(id, minimumVersion);
        const status = { 'Cache-Status': CACHE_STATUS[source] };
        if (text === undefined) throw problemOf(productNotFound(id)).with(status);
        return { text, headers: { ...status, ETag: tagOfText(text) } };
      },
    }),
    route({
      method: 'patch',
      path: '/v1/products/{id}',
      access: 'admin',
      summary: 'Change the name, price or category of a product',
      idOf: 'product',
      requestHeaders: {
        'If-Match': 'ETag of the product that the client has read; if it is not current: 412',
        'If-None-Match':
          'ETag for which the product must not be changed, `*` for any; if it is current: 412',
      },
      body: ProductChangeBody,
      success: {
        status: 200,
        description: 'The changed product',
        body: ProductBody,
        headers: TAG,
      },
      invalidates: true,
      handle: async ({ id, body, header, scope }) =>
        productReply(
          await use.reviseProduct.execute(
            {
              productId: id,
              change: body,
              condition: productCondition(header('if-match'), header('if-none-match')),
            },
            scope,
          ),
        ),
    }),
  ];
}

function tagOfText(text: string): string {
  return productTag(JSON.parse(text));
}

function productReply(product: ProductState): Reply {
  return { body: product, headers: { ETag: productTag(product) } };
}
