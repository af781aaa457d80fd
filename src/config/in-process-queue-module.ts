import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { InProcessOrderQueue } from '../adapters/queue/in-process-order-queue.js';
import { OrderedDelivery } from '../adapters/queue/ordered-delivery.js';
import { GiveUpOrderRequest } from '../application/orders/give-up-order-request.js';
import { SettleOrderRequests } from '../application/orders/settle-order-requests.js';
import { SettlementWatch } from '../application/orders/settlement-watch.js';
import type { OrderMessage } from '../domain/order-message.js';
import { OrderQueue } from '../domain/ports/order-queue.js';
import { deliveryRules } from './order-delivery.js';

/** Whoever relays the outbox settles it too; its dead letters are the log's. */
export function inProcessQueueModule(logger: Logger): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(OrderQueue)
      .toResolvedValue(
        (settle: SettleOrderRequests, giveUp: GiveUpOrderRequest, watch: SettlementWatch) => {
          const parts = { settle, giveUp, watch, logger };
          const rules = deliveryRules<OrderMessage>(parts, async () => {});
          return new InProcessOrderQueue(new OrderedDelivery(rules));
        },
        [SettleOrderRequests, GiveUpOrderRequest, SettlementWatch],
      )
      .inSingletonScope();
  });
}
