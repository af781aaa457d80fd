import { roundRobin } from '../../../domain/round-robin.js';
import type { OrderedDelivery } from '../ordered-delivery.js';
import type { KafkaDelivered } from './kafka-delivered.js';

/** Messages that are settled together at most. */
const BATCH = 64;

/**
 * The messages of one partition. Of those at hand, their owners' are settled in turn, and each
 * owner's in their order. An offset is committed only after what lies before it is settled for
 * good, so a death in between brings messages again and loses none. The first in the partition is
 * also the first of its owner, hence in the next batch: the offset moves with every batch.
 */
export class PartitionLane<Content> {
  /** In the order of the partition, from the first that is not settled. */
  private unsettled: KafkaDelivered<Content>[] = [];
  private readonly settled = new Set<KafkaDelivered<Content>>();
  private working: Promise<void> | undefined;

  constructor(
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
    private readonly ownerOf: (content: Content) => string | undefined,
    private readonly over: AbortSignal,
    private readonly onSettled: (messages: number) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(message: KafkaDelivered<Content>): void {
    this.unsettled.push(message);
    this.working ??= this.work();
  }

  /** Resolves when the batch under way is over; never rejects. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      for (let batch = this.nextBatch(); batch.length > 0; batch = this.nextBatch()) {
        await this.settle(batch);
      }
    } catch (error) {
      if (!this.over.aborted) this.onFailure(error);
    } finally {
      this.working = undefined;
    }
  }

  private nextBatch(): readonly KafkaDelivered<Content>[] {
    if (this.over.aborted) return [];
    const waiting = this.unsettled.filter((message) => !this.settled.has(message));
    const owner = ({ content }: KafkaDelivered<Content>) => content && this.ownerOf(content);
    return roundRobin(waiting, owner).slice(0, BATCH);
  }

  private async settle(batch: readonly KafkaDelivered<Content>[]): Promise<void> {
    await this.delivery.deliver(batch, this.over);
    // By then the partition may be another's, who begins at what was committed last.
    if (this.over.aborted) return;
    for (const message of batch) this.settled.add(message);
    await this.commit();
    this.onSettled(batch.length);
  }

  private async commit(): Promise<void> {
    const next = this.unsettled.findIndex((message) => !this.settled.has(message));
    const done = this.unsettled.slice(0, next === -1 ? this.unsettled.length : next);
    await done.at(-1)?.commit();
    this.unsettled = this.unsettled.slice(done.length);
    for (const message of done) this.settled.delete(message);
  }
}
