import type { Backlog, OutboxBacklog, OutboxChannel } from '../../domain/events/outbox.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { JobDefinition } from './job.js';

const CHANNELS: readonly OutboxChannel[] = ['orders', 'events'];

/** What the job reports; undefined: the server did not answer, so the figure is not known. */
export interface BacklogMetrics<Figures> {
  measuredOutbox(channel: OutboxChannel, backlog: Backlog | undefined, now: Date): void;
  measuredKafka(figures: Figures | undefined): void;
}

/**
 * Measures the backlog of the outbox and of Kafka. A request for `/metrics` does not measure,
 * because it must get a response while these servers are down.
 */
export function measureOrderQueueJob<Figures>(
  everyMs: number,
  clock: Clock,
  outbox: OutboxBacklog,
  measureKafka: () => Promise<Figures | undefined>,
  metrics: BacklogMetrics<Figures>,
): JobDefinition {
  return {
    name: 'measure-order-queue',
    everyMs,
    run: async () => {
      const measured = await Promise.allSettled([
        ...CHANNELS.map((channel) =>
          reported(outbox.measure(channel), (backlog) =>
            metrics.measuredOutbox(channel, backlog, clock.now()),
          ),
        ),
        reported(measureKafka(), (figures) => metrics.measuredKafka(figures)),
      ]);
      const failed = measured.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}

/** Reports undefined when the measurement fails, and fails as well. */
async function reported<T>(
  measurement: Promise<T>,
  report: (value: T | undefined) => void,
): Promise<void> {
  try {
    report(await measurement);
  } catch (error) {
    report(undefined);
    throw error;
  }
}
