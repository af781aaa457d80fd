import type { OrderMessage } from '../../domain/order-message.js';
import { OrderQueue } from '../../domain/ports/order-queue.js';
import type { OrderedDelivery } from './ordered-delivery.js';

/** Messages that are settled together at most. */
const BATCH = 64;

/** Partitions side by side; each takes a database connection while it works. */
const PARTITIONS = 4;

/**
 * The queue of one process: it keeps nothing. Messages stay in the outbox until they are settled,
 * so publishing them means to settle them, each partition's in order and in batches.
 */
export class InProcessOrderQueue extends OrderQueue {
  constructor(private readonly delivery: OrderedDelivery<OrderMessage>) {
    super();
  }

  override async publish(
    messages: readonly OrderMessage[],
    stopped: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const partitions = Map.groupBy(messages, ({ key }) => partitionOf(key));
    const outcomes = await Promise.allSettled(
      [...partitions.values()].map((p) => this.settle(p, stopped)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async settle(partition: readonly OrderMessage[], stopped: AbortSignal): Promise<void> {
    for (let from = 0; from < partition.length; from += BATCH) {
      await this.delivery.deliver(partition.slice(from, from + BATCH), stopped);
    }
  }
}

/** FNV-1a, 32 bits. */
function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}
