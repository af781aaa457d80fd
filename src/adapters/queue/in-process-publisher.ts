import type { OutboxChannel, OutboxPublisher, Outgoing } from '../../domain/events/outbox.js';
import type { Delivered, OrderedDelivery } from './ordered-delivery.js';

/** Most messages that are settled together. */
const BATCH = 64;

/** Partitions that work in parallel; each uses a database connection. */
const PARTITIONS = 4;

/**
 * The queue of one process. It stores nothing: messages stay in the outbox until they are settled. So
 * `publish` settles them, in batches and in the order of each partition.
 */
export class InProcessPublisher<C extends OutboxChannel> implements OutboxPublisher<C> {
  constructor(
    readonly channel: C,
    private readonly delivery: OrderedDelivery<Outgoing[C], Delivered<Outgoing[C]>>,
  ) {}

  async publish(
    messages: readonly Outgoing[C][],
    stopped: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const partitions = Map.groupBy(messages, ({ key }) => partitionOf(key));
    const outcomes = await Promise.allSettled(
      [...partitions.values()].map((p) => this.#settle(p, stopped)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #settle(partition: readonly Outgoing[C][], stopped: AbortSignal): Promise<void> {
    for (let from = 0; from < partition.length; from += BATCH) {
      const batch = partition.slice(from, from + BATCH).map((content) => ({ content }));
      await this.delivery.deliver(batch, stopped);
    }
  }
}

/** FNV-1a, 32 bits. */
function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}
