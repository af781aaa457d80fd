import type { OrderMessage } from '../../../domain/orders/order-message.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function encodeOrderMessage({ requestId, userId }: OrderName): string {
  return JSON.stringify({ requestId, userId });
}

/**
 * The content of a message. The order itself is in the database. The user in the message only
 * decides when the order is served; the user of the order is read from the database.
 */
export type OrderName = Pick<OrderMessage, 'requestId' | 'userId' | 'trace'>;

/** Returns undefined for a wrong format, because other programs may write to the topic. */
export function readOrderMessage(value: Buffer | undefined): OrderName | undefined {
  try {
    const { requestId, userId } = JSON.parse(String(value));
    if (typeof requestId !== 'string' || !UUID.test(requestId)) return undefined;
    return typeof userId === 'string' ? { requestId, userId } : { requestId };
  } catch {
    return undefined;
  }
}
