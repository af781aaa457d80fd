import type { Logger } from 'pino';
import type { OrderName } from '../../../adapters/queue/kafka/order-message-codec.js';
import type { Delivered, DeliveryRules } from '../../../adapters/queue/ordered-delivery.js';
import type { RejectOrderRequest } from '../../../application/order-queue/reject-order-request.js';
import type { SettleOrderRequests } from '../../../application/order-queue/settle-order-requests.js';
import type { SettlementNotifier } from '../../../application/order-queue/settlement-notifier.js';
import type { DomainEvent } from '../../../domain/events/domain-event.js';

export interface SettlingParts {
  readonly settle: SettleOrderRequests;
  readonly reject: RejectOrderRequest;
  readonly notifier: SettlementNotifier;
  readonly logger: Logger;
}

/** Stores a message as a dead letter. */
export type DeliveryKeeping<T> = (message: T, cause: unknown) => Promise<void>;

/** How a delivered order request is settled, both from Kafka and in the process. */
export function orderRules<T extends Delivered<OrderName>>(
  { settle, reject, notifier, logger }: SettlingParts,
  keep: DeliveryKeeping<T>,
): DeliveryRules<OrderName, T> {
  const lookUp = () =>
    void notifier
      .lookUp()
      .catch((error: unknown) => logger.debug({ err: error }, 'order requests could not be read'));
  return {
    ...triesOf('order request', logger),
    settle: async (orders) => {
      await settle.execute(orders.map(({ requestId }) => requestId));
      lookUp();
    },
    deadLetter: async (message, cause) => {
      const requestId = message.content?.requestId;
      // @plant dead-letter-kept
      await keep(message, cause);
      if (requestId !== undefined) await reject.execute(requestId);
      logger.error({ err: cause, requestId }, 'an order request cannot be settled');
      lookUp();
    },
  };
}

/**
 * Skips the order requests of the same database before it was restored: those that it still contains
 * are queued again under its new id (docs/operations/backup.md).
 */
export function ownOrdersOnly<T extends Delivered<OrderName>>(
  rules: DeliveryRules<OrderName, T>,
  installationId: string,
  logger: Logger,
): DeliveryRules<OrderName, T> {
  const isOwn = ({ installation = installationId }: OrderName) => installation === installationId;
  return {
    ...rules,
    settle: async (orders) => {
      // @plant restored-messages
      const own = orders.filter(isOwn);
      const skipped = orders.length - own.length;
      if (skipped > 0) logger.warn({ skipped }, 'order requests of another database are skipped');
      if (own.length > 0) await rules.settle(own);
    },
  };
}

/** How a delivered event is recorded, both from Kafka and in the process. */
export function eventRules<T extends Delivered<DomainEvent>>(
  take: (events: readonly DomainEvent[]) => Promise<void>,
  logger: Logger,
  keep: DeliveryKeeping<T>,
): DeliveryRules<DomainEvent, T> {
  return {
    ...triesOf('event', logger),
    settle: take,
    deadLetter: async (message, cause) => {
      await keep(message, cause);
      const eventId = message.content?.id;
      logger.error({ err: cause, eventId }, 'an event cannot be recorded');
    },
  };
}

function triesOf(what: string, logger: Logger) {
  return {
    what,
    attempts: 4,
    backoff: { firstMs: 50, longestMs: 2_000 },
    retried: (error: unknown) => logger.debug({ err: error }, `an ${what} is tried again`),
  };
}
