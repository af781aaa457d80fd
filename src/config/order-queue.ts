import type { Container } from 'inversify';
import { KafkaOrderConsumer } from '../adapters/queue/kafka/kafka-order-consumer.js';
import { RelayOrders } from '../application/orders/relay-orders.js';
import { SettlementWatch } from '../application/orders/settlement-watch.js';
import { type RunFailure, repeatedly } from './repeatedly.js';
import type { Settings } from './settings.js';
import { WakeUp } from './wake-up.js';

interface Running {
  stop(): Promise<void>;
}

/** Hands the outbox over to the queue: when this instance wrote to it, and else at intervals. */
export function relayOrders(
  container: Container,
  settings: Settings,
  onError: RunFailure,
): Running {
  const relay = container.get(RelayOrders);
  const runs = repeatedly(settings.OUTBOX_RELAY_MS, (stopped) => relay.execute(stopped), onError);
  container.get(WakeUp).onCall(() => runs.hasten());
  return runs;
}

/** Tells the clients that follow an order request how it was settled, until it is stopped. */
export function followOrderRequests(
  container: Container,
  settings: Settings,
  onError: RunFailure,
): Running {
  const watch = container.get(SettlementWatch);
  const lookUps = repeatedly(settings.ORDER_WATCH_MS, () => watch.lookUp(), onError);
  return {
    stop: async () => {
      watch.stop();
      await lookUps.stop();
    },
  };
}

/** Settles what lies in Kafka; without Kafka the relay does it. */
export function consumeOrders(container: Container): Running {
  if (!container.isBound(KafkaOrderConsumer)) return { stop: async () => {} };
  const consumer = container.get(KafkaOrderConsumer);
  consumer.start();
  return consumer;
}
