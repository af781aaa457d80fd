import type { OrderedDelivery } from '../ordered-delivery.js';
import type { KafkaDelivered } from './kafka-delivered.js';

/** Messages that are settled together at most. */
const BATCH = 64;

/**
 * The messages of one partition, settled in their order. An offset is committed only after what
 * lies before it is settled for good, so a death in between brings messages again and loses none.
 */
export class PartitionLane<Content> {
  private readonly waiting: KafkaDelivered<Content>[] = [];
  private working: Promise<void> | undefined;

  constructor(
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
    private readonly over: AbortSignal,
    private readonly onSettled: (messages: number) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(message: KafkaDelivered<Content>): void {
    this.waiting.push(message);
    this.working ??= this.work();
  }

  /** Resolves when the batch under way is over; never rejects. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      while (this.waiting.length > 0 && !this.over.aborted) await this.next();
    } catch (error) {
      if (!this.over.aborted) this.onFailure(error);
    } finally {
      this.working = undefined;
    }
  }

  private async next(): Promise<void> {
    const batch = this.waiting.splice(0, BATCH);
    await this.delivery.deliver(batch, this.over);
    // By then the partition may be another's, who begins at what was committed last.
    if (this.over.aborted) return;
    await batch.at(-1)?.commit();
    this.onSettled(batch.length);
  }
}
