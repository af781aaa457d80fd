import type { OrderMessage } from '../../../domain/orders/order-message.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function encodeOrderMessage({ requestId, userId }: OrderName): string {
  return JSON.stringify({ requestId, userId });
}

/**
 * What a message says of an order; the rest is in the database. The user only decides whose turn
 * it is: who orders is read from the database.
 */
export type OrderName = Pick<OrderMessage, 'requestId' | 'userId'>;

/** Undefined when it is no order message, as anyone may write to a topic. */
export function readOrderMessage(value: Buffer | undefined): OrderName | undefined {
  try {
    const { requestId, userId } = JSON.parse(String(value));
    if (typeof requestId !== 'string' || !UUID.test(requestId)) return undefined;
    return typeof userId === 'string' ? { requestId, userId } : { requestId };
  } catch {
    return undefined;
  }
}
