import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { readEvent } from '../../../adapters/queue/events/cloud-event.js';
import { QueueBacklog } from '../../../adapters/queue/kafka/backlog-observer.js';
import { type FollowedTopic, KafkaBacklog } from '../../../adapters/queue/kafka/kafka-backlog.js';
import { KafkaConsumer, type Subscription } from '../../../adapters/queue/kafka/kafka-consumer.js';
import type { KafkaDelivered } from '../../../adapters/queue/kafka/kafka-delivered.js';
import { KafkaEventStream } from '../../../adapters/queue/kafka/kafka-event-stream.js';
import { KafkaHealthCheck } from '../../../adapters/queue/kafka/kafka-health-check.js';
import { KafkaOrderQueue } from '../../../adapters/queue/kafka/kafka-order-queue.js';
import { KafkaProducer } from '../../../adapters/queue/kafka/kafka-producer.js';
import {
  consumerGroupOf,
  type KafkaSettings,
} from '../../../adapters/queue/kafka/kafka-settings.js';
import {
  ObservedKafkaProducer,
  readWithTrace,
} from '../../../adapters/queue/kafka/observed-kafka.js';
import {
  type OrderName,
  readOrderMessage,
} from '../../../adapters/queue/kafka/order-message-codec.js';
import type { MessageObserver } from '../../../adapters/queue/message-observer.js';
import { observedRules } from '../../../adapters/queue/observed-delivery.js';
import { type DeliveryRules, OrderedDelivery } from '../../../adapters/queue/ordered-delivery.js';
import { RejectOrderRequest } from '../../../application/order-queue/reject-order-request.js';
import { SettleOrderRequests } from '../../../application/order-queue/settle-order-requests.js';
import { SettlementNotifier } from '../../../application/order-queue/settlement-notifier.js';
import { RecordSales } from '../../../application/popularity/record-sales.js';
import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { EventStream } from '../../../domain/events/outbox.js';
import type { TraceContext } from '../../../domain/events/trace-context.js';
import { OrderQueue } from '../../../domain/orders/order-queue.js';
import { HealthCheck } from '../../../domain/ports/health-check.js';
import type { Resources } from '../../resources.js';
import { usesRedis } from '../../settings/redis-options-of.js';
import type { Settings } from '../../settings/settings.js';
import { kafkaSecurity } from '../../settings/tls/kafka-security.js';
import { checkKafkaSecurity } from '../../settings/tls/start-checks.js';
import type { Installation } from '../sql-bindings.js';
import { eventRules, orderRules, ownOrdersOnly } from './delivery-rules.js';
import { QueueConsumers } from './queue-module.js';

/**
 * Kafka: the relay publishes the outbox, and consumer groups of all instances read it. Only an instance
 * with Kafka loads this module: the client takes half a second of processor time and 50 MB.
 */
export async function kafkaQueueModule(
  settings: Settings,
  brokers: KafkaSettings['brokers'],
  resources: Resources,
  logger: Logger,
  installation: Installation,
  observer?: MessageObserver,
): Promise<ContainerModule> {
  const kafka: KafkaSettings = {
    brokers,
    clientId: settings.INSTANCE_ID,
    security: kafkaSecurity(settings, brokers),
    partitions: settings.KAFKA_PARTITIONS,
    sessionMs: settings.KAFKA_SESSION_MS,
  };
  const producer = observer ? new ObservedKafkaProducer(kafka, observer) : new KafkaProducer(kafka);
  const health = new KafkaHealthCheck(kafka);
  const [orders, events] = topicsOf(settings);
  // Without Redis nobody consumes the events: every ranking is computed from the orders.
  const consumed = usesRedis(settings) ? [orders, events] : [orders];
  const backlog = new KafkaBacklog(kafka, consumed);
  resources.defer(async () => {
    await Promise.allSettled([producer.close(), health.close(), backlog.close()]);
  });
  await checkKafkaSecurity(settings, () => health.check());
  const keep = (message: KafkaDelivered<unknown>, cause: unknown) =>
    producer.sendDeadLetter(message, cause);
  const consumer = consumersOn(kafka, logger, observer);
  return new ContainerModule(({ bind }) => {
    const source = `/lockstep/${installation.id}`;
    bind(OrderQueue).toConstantValue(new KafkaOrderQueue(producer, orders.topic, installation.id));
    bind(EventStream).toConstantValue(new KafkaEventStream(kafka, producer, events.topic, source));
    bind(HealthCheck).toConstantValue(health);
    bind(QueueBacklog).toConstantValue(backlog);
    bind(QueueConsumers)
      .toResolvedValue(
        (
          settle: SettleOrderRequests,
          reject: RejectOrderRequest,
          notifier: SettlementNotifier,
          recordSales: RecordSales,
        ) => {
          const settlers = consumer(
            { ...orders, read: readOrderMessage, ownerOf: ({ userId }) => userId },
            ownOrdersOnly(
              orderRules<KafkaDelivered<OrderName>>({ settle, reject, notifier, logger }, keep),
              installation.id,
              logger,
            ),
          );
          const popular = consumer(
            { ...events, read: readEvent, ownerOf: () => undefined },
            eventRules<KafkaDelivered<DomainEvent>>(
              (sold) => recordSales.execute(sold),
              logger,
              keep,
            ),
          );
          return new QueueConsumers(consumed.includes(events) ? [settlers, popular] : [settlers]);
        },
        [SettleOrderRequests, RejectOrderRequest, SettlementNotifier, RecordSales],
      )
      .inSingletonScope();
  });
}

/** The topics of order requests and of events, and who consumes them in every instance. */
function topicsOf({
  KAFKA_TOPIC: orders,
  KAFKA_EVENTS_TOPIC: events,
}: Settings): [FollowedTopic, FollowedTopic] {
  return [
    { channel: 'orders', topic: orders, group: consumerGroupOf(orders) },
    { channel: 'events', topic: events, group: `${events}.popular-items` },
  ];
}

/** Makes consumers, each of one topic. */
function consumersOn(kafka: KafkaSettings, logger: Logger, observer: MessageObserver | undefined) {
  return <Content extends { readonly trace?: TraceContext }>(
    { topic, read, ...rest }: Subscription<Content>,
    rules: DeliveryRules<Content, KafkaDelivered<Content>>,
  ) => {
    const subscription = { ...rest, topic, read: observer ? readWithTrace(read) : read };
    const delivery = new OrderedDelivery(observedRules(rules, topic, observer));
    return new KafkaConsumer(kafka, subscription, delivery, (err, again) => {
      if (!again) logger.warn({ err, topic }, 'a topic is not read');
    });
  };
}
