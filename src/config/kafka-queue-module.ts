import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { KafkaBacklog } from '../adapters/queue/kafka/kafka-backlog.js';
import type { KafkaDelivered } from '../adapters/queue/kafka/kafka-delivered.js';
import { KafkaHealthCheck } from '../adapters/queue/kafka/kafka-health-check.js';
import { KafkaOrderConsumer } from '../adapters/queue/kafka/kafka-order-consumer.js';
import { KafkaOrderQueue } from '../adapters/queue/kafka/kafka-order-queue.js';
import { groupOf, type KafkaSettings } from '../adapters/queue/kafka/kafka-settings.js';
import { OrderedDelivery } from '../adapters/queue/ordered-delivery.js';
import { GiveUpOrderRequest } from '../application/orders/give-up-order-request.js';
import { SettleOrderRequests } from '../application/orders/settle-order-requests.js';
import { SettlementWatch } from '../application/orders/settlement-watch.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { OrderQueue } from '../domain/ports/order-queue.js';
import { deliveryRules } from './order-delivery.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';

/** Whoever relays the outbox publishes it; the group of all instances settles it. */
export function kafkaQueueModule(
  settings: Settings,
  brokers: readonly string[],
  resources: Resources,
  logger: Logger,
): ContainerModule {
  const kafka: KafkaSettings = {
    brokers,
    clientId: settings.INSTANCE_ID,
    topic: settings.KAFKA_TOPIC,
    partitions: settings.KAFKA_PARTITIONS,
    sessionMs: settings.KAFKA_SESSION_MS,
  };
  const queue = new KafkaOrderQueue(kafka);
  const health = new KafkaHealthCheck(kafka);
  const backlog = new KafkaBacklog(kafka, { topic: kafka.topic, group: groupOf(kafka.topic) });
  resources.defer(async () => {
    await Promise.allSettled([queue.close(), health.close(), backlog.close()]);
  });
  return new ContainerModule(({ bind }) => {
    bind(OrderQueue).toConstantValue(queue);
    bind(HealthCheck).toConstantValue(health);
    bind(KafkaBacklog).toConstantValue(backlog);
    bind(KafkaOrderConsumer)
      .toResolvedValue(
        (settle: SettleOrderRequests, giveUp: GiveUpOrderRequest, watch: SettlementWatch) => {
          const parts = { settle, giveUp, watch, logger };
          const keep = (message: KafkaDelivered, cause: unknown) => queue.bury(message, cause);
          const delivery = new OrderedDelivery(deliveryRules<KafkaDelivered>(parts, keep));
          return new KafkaOrderConsumer(kafka, delivery, (err, again) => {
            if (!again) logger.warn({ err }, 'order requests in Kafka are not settled');
          });
        },
        [SettleOrderRequests, GiveUpOrderRequest, SettlementWatch],
      )
      .inSingletonScope();
  });
}
