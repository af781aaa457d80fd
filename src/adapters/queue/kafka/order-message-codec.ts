import type { OrderMessage } from '../../../domain/orders/order-message.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function encodeOrderMessage({ requestId, userId, installation }: OrderName): string {
  return JSON.stringify({ requestId, userId, installation });
}

/**
 * The content of a message. The order itself is in the database. The user in the message only
 * decides when the order is served; the user of the order is read from the database.
 */
export interface OrderName extends Pick<OrderMessage, 'requestId' | 'userId' | 'trace'> {
  /** Id of the database with the request; absent in messages of earlier versions. */
  readonly installation?: string | undefined;
}

/** Returns undefined for a wrong format, because other programs may write to the topic. */
export function readOrderMessage(value: Buffer | undefined): OrderName | undefined {
  try {
    const { requestId, userId, installation } = JSON.parse(String(value));
    if (typeof requestId !== 'string' || !UUID.test(requestId)) return undefined;
    return {
      requestId,
      ...(typeof userId === 'string' && { userId }),
      ...(typeof installation === 'string' && { installation }),
    };
  } catch {
    return undefined;
  }
}
