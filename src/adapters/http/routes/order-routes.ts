import type { CustomerConcurrency } from '../../../application/order-queue/customer-concurrency.js';
import type { EnqueueOrder } from '../../../application/order-queue/enqueue-order.js';
import type { FindOwnOrder } from '../../../application/orders/find-own-order.js';
import type { PlaceOrder } from '../../../application/orders/place-order.js';
import type { OrderState } from '../../../domain/orders/order.js';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import type { OrderQueries } from '../../../domain/orders/ports.js';
import type { Cursors } from '../requests/cursor.js';
import { prefersAsync, RESPOND_ASYNC } from '../requests/preference.js';
import { type AnyRoute, type Reply, route } from '../route.js';
import { OrderRequestBody, orderRequestBody } from '../schemas/order-request-schemas.js';
import { NewOrderBody, OrderBody, OrderPage } from '../schemas/order-schemas.js';
import { PageQuery } from '../schemas/primitives.js';

export interface OrderUseCases {
  readonly cursors: Cursors;
  readonly orders: OrderQueries;
  readonly findOwnOrder: FindOwnOrder;
  readonly customerConcurrency: CustomerConcurrency;
  readonly placeOrder: PlaceOrder;
  readonly enqueueOrder: EnqueueOrder;
}

export function orderRoutes(use: OrderUseCases): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders',
      access: 'user',
      summary: 'Place an order: all of its units are taken from stock, or none',
      body: NewOrderBody,
      success: {
        status: 201,
        description: 'The order, with its payment pending',
        body: OrderBody,
        headers: { Location: 'URL of the order' },
      },
      alternative: {
        status: 202,
        description: 'The order request is stored and queued; read its URL for the result',
        body: OrderRequestBody,
        headers: {
          Location: 'URL of the order request',
          'Preference-Applied': '`respond-async`',
        },
      },
      requestHeaders: { Prefer: '`respond-async`: order through the queue (RFC 7240)' },
      refusals: [
        'insufficient_stock',
        'product_not_found',
        'order_total_too_large',
        'quota_exceeded',
        'queue_quota_exceeded',
      ],
      handle: async ({ caller, body, scope, header }) => {
        const order = { userId: caller.userId, ...body };
        const isAsync = prefersAsync(header('prefer'));
        const place = async () =>
          isAsync
            ? placed(await use.enqueueOrder.execute(order, scope))
            : placed(await use.placeOrder.execute(order, scope));
        return use.customerConcurrency.within(order, place, scope.signal);
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders',
      access: 'user',
      summary: 'List your orders, newest first',
      query: PageQuery,
      success: { status: 200, description: 'A page of orders', body: OrderPage },
      handle: async ({ caller, query }) => {
        const page = use.cursors.page(['orders'], query);
        return { body: page.body(await use.orders.list(caller.userId, page.request)) };
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/{id}',
      access: 'user',
      summary: 'Read one of your orders',
      idOf: 'order',
      success: { status: 200, description: 'The order', body: OrderBody },
      handle: async ({ caller, id }) => ({
        body: await use.findOwnOrder.execute(caller.userId, id),
      }),
    }),
  ];
}

/** A replayed request gets the first outcome again, so the outcome decides the kind of response. */
function placed(outcome: OrderState | OrderRequestState): Reply {
  if ('total' in outcome) {
    return { body: outcome, headers: { Location: `/v1/orders/${outcome.id}` } };
  }
  return {
    status: 202,
    body: orderRequestBody(outcome),
    headers: {
      Location: `/v1/order-requests/${outcome.id}`,
      'Preference-Applied': RESPOND_ASYNC,
    },
  };
}
