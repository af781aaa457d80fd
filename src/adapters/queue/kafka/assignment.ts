import type { MessagesStream } from '@platformatic/kafka';
import type { OrderedDelivery } from '../ordered-delivery.js';
import { type KafkaDelivered, kafkaDelivered, type OwnerOf, type Read } from './kafka-delivered.js';
import { PartitionLane } from './partition-lane.js';

/** Messages taken from Kafka and not settled yet; beyond it no more are taken. */
const LOOK_AHEAD = 2_000;

/**
 * The partitions that are this consumer's until the group is divided anew. They are settled side by
 * side, each in its own lane, so one that waits holds up no other.
 */
export class Assignment<Content> {
  private readonly lanes = new Map<number, PartitionLane<Content>>();
  private readonly ended = new AbortController();
  private readonly closed: Promise<void>;
  private unsettled = 0;

  constructor(
    private readonly stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>,
    read: Read<Content>,
    private readonly ownerOf: OwnerOf<Content>,
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
  ) {
    stream.on('data', (message) => this.take(kafkaDelivered(message, read)));
    stream.on('error', (error) => this.end(error));
    this.closed = new Promise((resolve) => {
      stream.once('close', () => resolve());
    });
    void this.closed.then(() => this.end());
  }

  /** Takes no more messages; what is under way is brought to an end. */
  end(cause?: unknown): void {
    this.ended.abort(cause);
  }

  /** @throws what ended it, unless that was wanted */
  async over(): Promise<void> {
    const { signal } = this.ended;
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    }
    this.stream.destroy();
    await this.closed;
    await Promise.all([...this.lanes.values()].map((lane) => lane.idle()));
    if (signal.reason instanceof Error && signal.reason.name !== 'AbortError') throw signal.reason;
  }

  private take(message: KafkaDelivered<Content>): void {
    if (this.ended.signal.aborted) return;
    this.unsettled += 1;
    if (this.unsettled >= LOOK_AHEAD) this.stream.pause();
    this.laneOf(message.partition).add(message);
  }

  private laneOf(partition: number): PartitionLane<Content> {
    const found = this.lanes.get(partition);
    if (found) return found;
    const lane = new PartitionLane(
      this.delivery,
      this.ownerOf,
      this.ended.signal,
      (messages) => this.settled(messages),
      (error) => this.end(error),
    );
    this.lanes.set(partition, lane);
    return lane;
  }

  private settled(messages: number): void {
    this.unsettled -= messages;
    if (this.unsettled < LOOK_AHEAD && this.stream.isPaused()) this.stream.resume();
  }
}
