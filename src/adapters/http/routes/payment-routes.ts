import type { CancelOrder } from '../../../application/orders/cancel-order.js';
import type { PayOrderByPoints } from '../../../application/orders/pay-order-by-points.js';
import type { PayOrderByCard } from '../../../application/payments/pay-order-by-card.js';
import { type AnyRoute, route } from '../route.js';
import { CancellationBody, NewPaymentBody, PaymentBody } from '../schemas/order-schemas.js';

export interface PaymentUseCases {
  readonly payOrderByPoints: PayOrderByPoints;
  readonly payOrderByCard: PayOrderByCard;
  readonly cancelOrder: CancelOrder;
}

/** Payments of orders, and cancellations, which refund them. */
export function paymentRoutes(use: PaymentUseCases): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{id}/payments',
      access: 'user',
      summary: 'Pay an order with points of your wallet, or by card',
      idOf: 'order',
      body: NewPaymentBody,
      success: { status: 201, description: 'The payment, with the paid order', body: PaymentBody },
      refusals: ['insufficient_points', 'card_declined', 'order_not_payable'],
      handle: async ({ caller: { userId }, id, body, scope }) => {
        const { payment, order } =
          body.method === 'card'
            ? await use.payOrderByCard.execute({ userId, orderId: id, token: body.token }, scope)
            : await use.payOrderByPoints.execute(userId, id, scope);
        const { version: _, ...paid } = payment;
        return { body: { ...paid, order } };
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/cancellations',
      access: 'user',
      summary:
        'Cancel an order: its units return to stock, and its payment is refunded to the wallet or card',
      idOf: 'order',
      success: { status: 201, description: 'The cancelled order', body: CancellationBody },
      refusals: ['order_not_cancellable', 'wallet_limit_exceeded'],
      handle: async ({ caller, id, scope }) => {
        const { order, refunded } = await use.cancelOrder.execute(caller.userId, id, scope);
        return { body: { ...order, refunded } };
      },
    }),
  ];
}
