import type { Container } from 'inversify';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { KafkaBacklog } from '../../adapters/queue/kafka/kafka-backlog.js';
import type { OrderQueueMetrics } from '../../adapters/telemetry/order-queue-metrics.js';
import { OutboxBacklog, type OutboxChannel } from '../../domain/events/outbox.js';
import { Clock } from '../../domain/ports/clock.js';
import type { Settings } from '../settings/settings.js';

const CHANNELS: readonly OutboxChannel[] = ['orders', 'events'];

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
  const clock = container.get(Clock);
  const kafka = container.isBound(KafkaBacklog) ? container.get(KafkaBacklog) : undefined;
  return runPeriodically(
    settings.QUEUE_MEASURE_MS,
    async () => {
      const measured = await Promise.allSettled([
        ...CHANNELS.map((channel) =>
          told(outbox.measure(channel), (backlog) =>
            metrics.measuredOutbox(channel, backlog, clock.now()),
          ),
        ),
        told(Promise.resolve(kafka?.measure()), (figures) => metrics.measuredKafka(figures)),
      ]);
      const failed = measured.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    onError,
  );
}

/** Undefined where it could not be measured, which is still a failure. */
async function told<T>(measure: Promise<T>, tell: (value: T | undefined) => void): Promise<void> {
  try {
    tell(await measure);
  } catch (error) {
    tell(undefined);
    throw error;
  }
}
