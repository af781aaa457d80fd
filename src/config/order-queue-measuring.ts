import type { Container } from 'inversify';
import { KafkaBacklog } from '../adapters/queue/kafka/kafka-backlog.js';
import { OutboxBacklog } from '../domain/ports/outbox-backlog.js';
import type { OrderQueueMetrics } from './order-queue-metrics.js';
import { type Repetition, type RunFailure, repeatedly } from './repeatedly.js';
import type { Settings } from './settings.js';

/**
 * Measures how far the queue is behind, for as long as the instance runs; not when somebody asks
 * for `/metrics`, which must answer while the servers do not.
 */
export function measureOrderQueue(
  container: Container,
  settings: Settings,
  metrics: OrderQueueMetrics,
  onError: RunFailure,
): Repetition {
  const outbox = container.get(OutboxBacklog);
  const kafka = container.isBound(KafkaBacklog) ? container.get(KafkaBacklog) : undefined;
  return repeatedly(
    settings.QUEUE_MEASURE_MS,
    async () => {
      const measured = await Promise.allSettled([outbox.measure(), kafka?.measure()]);
      const [backlog, figures] = measured;
      metrics.measuredOutbox(backlog.status === 'fulfilled' ? backlog.value : undefined);
      metrics.measuredKafka(figures.status === 'fulfilled' ? figures.value : undefined);
      const failed = measured.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    onError,
  );
}
