import type { OrderMessage } from '../../../domain/order-message.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function encodeOrderMessage({ requestId }: OrderName): string {
  return JSON.stringify({ requestId });
}

/** What a message says of an order; the rest is in the database. */
export type OrderName = Pick<OrderMessage, 'requestId'>;

/** Undefined when it is no order message, as anyone may write to a topic. */
export function readOrderMessage(value: Buffer | undefined): OrderName | undefined {
  try {
    const { requestId } = JSON.parse(String(value));
    return typeof requestId === 'string' && UUID.test(requestId) ? { requestId } : undefined;
  } catch {
    return undefined;
  }
}
