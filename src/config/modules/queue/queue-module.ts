import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { InProcessEventStream } from '../../../adapters/queue/in-process-event-stream.js';
import { InProcessPublisher } from '../../../adapters/queue/in-process-publisher.js';
import type { KafkaConsumer } from '../../../adapters/queue/kafka/kafka-consumer.js';
import type { MessageObserver } from '../../../adapters/queue/message-observer.js';
import { observedRules } from '../../../adapters/queue/observed-delivery.js';
import { OrderedDelivery } from '../../../adapters/queue/ordered-delivery.js';
import { RejectOrderRequest } from '../../../application/order-queue/reject-order-request.js';
import { SettleOrderRequests } from '../../../application/order-queue/settle-order-requests.js';
import { SettlementNotifier } from '../../../application/order-queue/settlement-notifier.js';
import { RecordSales, SALES_EVENTS } from '../../../application/popularity/record-sales.js';
import { EventStream } from '../../../domain/events/outbox.js';
import { OrderQueue } from '../../../domain/orders/order-queue.js';
import { usesRedis } from '../../settings/redis-options-of.js';
import type { Settings } from '../../settings/settings.js';
import { eventRules, orderRules } from './delivery-rules.js';

/** The consumers of this instance; none without Kafka. */
export class QueueConsumers {
  constructor(
    private readonly consumers: readonly Pick<KafkaConsumer<unknown>, 'start' | 'stop'>[],
  ) {}

  start(): void {
    for (const consumer of this.consumers) consumer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}

/** In a single process, the log entry is the dead letter. */
const keptInLog = async () => {};

/** No message broker: the relay of the outbox delivers its messages in the same process. */
export function inProcessQueueModule(
  settings: Settings,
  logger: Logger,
  observer?: MessageObserver,
): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(OrderQueue)
      .toResolvedValue(
        (settle: SettleOrderRequests, reject: RejectOrderRequest, notifier: SettlementNotifier) => {
          const rules = orderRules({ settle, reject, notifier, logger }, keptInLog);
          const observed = observedRules(rules, 'orders', observer);
          return new InProcessPublisher('orders', new OrderedDelivery(observed));
        },
        [SettleOrderRequests, RejectOrderRequest, SettlementNotifier],
      )
      .inSingletonScope();
    bind(EventStream)
      .toResolvedValue(
        (recordSales: RecordSales) => {
          // Without Redis every ranking is computed from the orders.
          const consumed = usesRedis(settings) ? SALES_EVENTS : [];
          const take = consumed.length > 0 ? recordSales.execute.bind(recordSales) : async () => {};
          const rules = eventRules(take, logger, keptInLog);
          const observed = observedRules(rules, 'events', observer);
          const publisher = new InProcessPublisher('events', new OrderedDelivery(observed));
          return new InProcessEventStream(publisher, consumed);
        },
        [RecordSales],
      )
      .inSingletonScope();
    bind(QueueConsumers).toConstantValue(new QueueConsumers([]));
  });
}
