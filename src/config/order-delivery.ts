import type { Logger } from 'pino';
import type { Delivered, DeliveryRules } from '../adapters/queue/ordered-delivery.js';
import type { GiveUpOrderRequest } from '../application/orders/give-up-order-request.js';
import type { SettleOrderRequests } from '../application/orders/settle-order-requests.js';
import type { SettlementWatch } from '../application/orders/settlement-watch.js';

/** Tries of one message, and the pauses between them, in milliseconds. */
const ATTEMPTS = 4;
const BACKOFF = { firstMs: 50, longestMs: 2_000 };

export interface SettlingParts {
  readonly settle: SettleOrderRequests;
  readonly giveUp: GiveUpOrderRequest;
  readonly watch: SettlementWatch;
  readonly logger: Logger;
}

/** Makes the dead letter of a message. */
export type DeliveryKeeping<T> = (message: T, cause: unknown) => Promise<void>;

/** How messages are settled, wherever they come from. */
export function deliveryRules<T extends Delivered>(
  { settle, giveUp, watch, logger }: SettlingParts,
  keep: DeliveryKeeping<T>,
): DeliveryRules<T> {
  const lookUp = () =>
    void watch.lookUp().catch((error: unknown) => logger.debug({ err: error }, 'look-up failed'));
  return {
    settle: async (ids) => {
      await settle.execute(ids);
      lookUp();
    },
    bury: async (message, cause) => {
      const { requestId } = message;
      await keep(message, cause);
      if (requestId !== undefined) await giveUp.execute(requestId);
      logger.error({ err: cause, requestId }, 'an order request cannot be settled');
      lookUp();
    },
    attempts: ATTEMPTS,
    backoff: BACKOFF,
    retried: (error) => logger.debug({ err: error }, 'order requests are tried again'),
  };
}
