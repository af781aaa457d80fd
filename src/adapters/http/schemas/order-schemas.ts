import { z } from 'zod';
import { cardToken } from './card-token.js';
import { Id, Instant, Points, pageOf, Quantity, Version } from './primitives.js';

export const OrderBody = z
  .object({
    id: Id,
    userId: z.string(),
    status: z.enum(['PENDING_PAYMENT', 'PAID', 'CANCELLED', 'EXPIRED']),
    items: z.array(z.object({ productId: Id, quantity: Quantity, unitPrice: Points })),
    total: Points,
    expiresAt: Instant.meta({ description: 'The order can be paid until this time' }),
    createdAt: Instant,
    version: Version,
  })
  .meta({ id: 'Order' });

export const NewOrderBody = z
  .strictObject({
    items: z
      .array(z.strictObject({ productId: Id.toLowerCase(), quantity: Quantity }))
      .min(1)
      .max(100)
      .superRefine((items, context) => {
        const seen = new Set<string>();
        for (const [i, { productId }] of items.entries()) {
          if (seen.has(productId)) {
            const message = 'the product appears twice; add up its quantities';
            context.addIssue({ code: 'custom', path: [i, 'productId'], message });
          }
          seen.add(productId);
        }
      })
      .meta({ description: 'A product may appear once' }),
  })
  .meta({ id: 'NewOrder' });

export const OrderPage = pageOf(OrderBody).meta({ id: 'OrderPage' });

export const NewPaymentBody = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('points') }),
    z.strictObject({ method: z.literal('card'), token: cardToken }),
  ])
  .meta({ id: 'NewPayment' });

export const PaymentBody = z
  .object({
    id: Id,
    orderId: Id,
    userId: z.string(),
    method: z.enum(['points', 'card']),
    amount: Points,
    status: z.enum(['CAPTURED', 'REFUNDED']),
    createdAt: Instant,
    order: OrderBody,
  })
  .meta({ id: 'Payment' });

export const CancellationBody = OrderBody.extend({
  refunded: Points.meta({ description: 'Refunded points; a refund to a card is done later' }),
}).meta({ id: 'Cancellation' });
