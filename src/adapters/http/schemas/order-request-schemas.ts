import { z } from 'zod';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import { Id } from './primitives.js';

export const OrderRequestBody = z
  .object({
    id: Id,
    status: z.enum(['QUEUED', 'CONFIRMED', 'REJECTED']),
    orderId: Id.optional().meta({ description: 'The order, after the request was confirmed' }),
    code: z.string().optional().meta({ description: 'Problem code of the rejection' }),
  })
  .meta({ id: 'OrderRequest' });

export function orderRequestBody(state: OrderRequestState): z.output<typeof OrderRequestBody> {
  const { id, status, orderId, code } = state;
  return { id, status, ...(orderId !== null && { orderId }), ...(code !== null && { code }) };
}
