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
    expiresAt: Instant.meta({ description: 'Until then it can be paid' }),
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
            const message = 'the product is named twice; add the quantities up';
            context.addIssue({ code: 'custom', path: [i, 'productId'], message });
          }
          seen.add(productId);
        }
      })
      .meta({ description: 'Each product at most once' }),
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
  refunded: Points.meta({ description: 'Points given back; to a card it takes a while' }),
}).meta({ id: 'Cancellation' });
