import type { OrderMessage } from '../../../domain/order-message.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function encodeOrderMessage({ requestId }: OrderMessage): string {
  return JSON.stringify({ requestId });
}

/** Undefined when it is no order message, as anyone may write to a topic. */
export function requestIdIn(value: Buffer | undefined): string | undefined {
  try {
    const { requestId } = JSON.parse(String(value));
    return typeof requestId === 'string' && UUID.test(requestId) ? requestId : undefined;
  } catch {
    return undefined;
  }
}
