import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { InProcessPublisher } from '../../adapters/queue/in-process-publisher.js';
import { OrderedDelivery } from '../../adapters/queue/ordered-delivery.js';
import { GiveUpOrderRequest } from '../../application/order-queue/give-up-order-request.js';
import { SettleOrderRequests } from '../../application/order-queue/settle-order-requests.js';
import { SettlementWatch } from '../../application/order-queue/settlement-watch.js';
import { RecordSales } from '../../application/popularity/record-sales.js';
import { EventStream } from '../../domain/events/outbox.js';
import { OrderQueue } from '../../domain/orders/order-queue.js';
import { usesRedis } from '../connections/redis-lock.js';
import { QueueConsumers } from '../jobs/queue-consumers.js';
import type { Settings } from '../settings/settings.js';
import { eventRules, orderRules } from './delivery-rules.js';

/** Dead letters of one process are the log's. */
const logged = async () => {};

/** Whoever relays the outbox settles its requests and tells of its events too. */
export function inProcessQueueModule(settings: Settings, logger: Logger): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(OrderQueue)
      .toResolvedValue(
        (settle: SettleOrderRequests, giveUp: GiveUpOrderRequest, watch: SettlementWatch) => {
          const rules = orderRules({ settle, giveUp, watch, logger }, logged);
          return new InProcessPublisher('orders', new OrderedDelivery(rules));
        },
        [SettleOrderRequests, GiveUpOrderRequest, SettlementWatch],
      )
      .inSingletonScope();
    bind(EventStream)
      .toResolvedValue(
        (recordSales: RecordSales) => {
          // Without Redis every ranking is computed from the orders, and nobody listens.
          const take = usesRedis(settings) ? recordSales.execute.bind(recordSales) : async () => {};
          const rules = eventRules(take, logger, logged);
          return new InProcessPublisher('events', new OrderedDelivery(rules));
        },
        [RecordSales],
      )
      .inSingletonScope();
    bind(QueueConsumers).toConstantValue(new QueueConsumers([]));
  });
}
