import type { MessagesStream } from '@platformatic/kafka';
import type { OrderedDelivery } from '../ordered-delivery.js';
import { type KafkaDelivered, kafkaDelivered, type OwnerOf, type Read } from './kafka-delivered.js';
import { PartitionLane } from './partition-lane.js';

/** Most messages that are fetched from Kafka and not settled yet; above this, fetching pauses. */
const LOOK_AHEAD = 2_000;

/**
 * The partitions of this consumer until the next rebalance of its group. Each partition has its own
 * lane, so a partition that waits does not delay the others.
 */
export class Assignment<Content> {
  readonly #lanes = new Map<number, PartitionLane<Content>>();
  readonly #ended = new AbortController();
  readonly #closed: Promise<void>;
  #unsettled = 0;

  constructor(
    private readonly stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>,
    read: Read<Content>,
    private readonly ownerOf: OwnerOf<Content>,
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
  ) {
    stream.on('data', (message) => this.#take(kafkaDelivered(message, read)));
    stream.on('error', (error) => this.end(error));
    this.#closed = new Promise((resolve) => {
      stream.once('close', () => resolve());
    });
    void this.#closed.then(() => this.end());
  }

  /** Accepts no more messages. The current batches are finished. */
  end(cause?: unknown): void {
    this.#ended.abort(cause);
  }

  /**
   * Resolves when it has ended and no lane works.
   * @throws the error that ended it
   */
  async over(): Promise<void> {
    const { signal } = this.#ended;
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    }
    this.stream.destroy();
    await this.#closed;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()));
    if (signal.reason instanceof Error && signal.reason.name !== 'AbortError') throw signal.reason;
  }

  #take(message: KafkaDelivered<Content>): void {
    if (this.#ended.signal.aborted) return;
    this.#unsettled += 1;
    if (this.#unsettled >= LOOK_AHEAD) this.stream.pause();
    this.#laneOf(message.partition).add(message);
  }

  #laneOf(partition: number): PartitionLane<Content> {
    const found = this.#lanes.get(partition);
    if (found) return found;
    const lane = new PartitionLane(
      this.delivery,
      this.ownerOf,
      this.#ended.signal,
      (messages) => this.#settled(messages),
      (error) => this.end(error),
    );
    this.#lanes.set(partition, lane);
    return lane;
  }

  #settled(messages: number): void {
    this.#unsettled -= messages;
    if (this.#unsettled < LOOK_AHEAD && this.stream.isPaused()) this.stream.resume();
  }
}
