import { z } from 'zod';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import { Id } from './primitives.js';

export const OrderRequestBody = z
  .object({
    id: Id,
    status: z.enum(['QUEUED', 'CONFIRMED', 'REJECTED']),
    orderId: Id.optional().meta({ description: 'The order, once it is confirmed' }),
    code: z.string().optional().meta({ description: 'Why it was rejected, as in a problem' }),
  })
  .meta({ id: 'OrderRequest' });

export function orderRequestBody(state: OrderRequestState): z.output<typeof OrderRequestBody> {
  const { id, status, orderId, code } = state;
  return { id, status, ...(orderId !== null && { orderId }), ...(code !== null && { code }) };
}
