import { roundRobin } from '../../../domain/orders/round-robin.js';
import type { OrderedDelivery } from '../ordered-delivery.js';
import type { KafkaDelivered } from './kafka-delivered.js';

/** Most messages that are settled together. */
const BATCH = 64;

/** How long a commit that is under way is waited for after the end of the assignment, in milliseconds. */
const LAST_COMMIT_MS = 1_000;

/**
 * The messages of one partition. Owners are served by round robin; the messages of one owner keep
 * their order.
 *
 * An offset is committed only after all messages before it are settled. So after a crash messages
 * are delivered again, and none is lost. The first message of the partition is always in the next
 * batch, because it is also the first one of its owner. So the offset advances with every batch.
 */
export class PartitionLane<Content> {
  /** In the order of the partition, from the first message that is not settled. */
  #unsettled: KafkaDelivered<Content>[] = [];
  readonly #settled = new Set<KafkaDelivered<Content>>();
  #working: Promise<void> | undefined;

  constructor(
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
    private readonly ownerOf: (content: Content) => string | undefined,
    private readonly over: AbortSignal,
    private readonly onSettled: (messages: number) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(message: KafkaDelivered<Content>): void {
    this.#unsettled.push(message);
    this.#working ??= this.#work();
  }

  /** Resolves after the current batch; never rejects. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) {
        await this.#settle(batch);
      }
    } catch (error) {
      if (!this.over.aborted) this.onFailure(error);
    } finally {
      this.#working = undefined;
    }
  }

  #nextBatch(): readonly KafkaDelivered<Content>[] {
    if (this.over.aborted) return [];
    const waiting = this.#unsettled.filter((message) => !this.#settled.has(message));
    const owner = ({ content }: KafkaDelivered<Content>) => content && this.ownerOf(content);
    return roundRobin(waiting, owner).slice(0, BATCH);
  }

  async #settle(batch: readonly KafkaDelivered<Content>[]): Promise<void> {
    // @plant lane-delivery
    await this.delivery.deliver(batch, this.over);
    // The partition may belong to another consumer, which begins at the last committed offset.
    // @plant lane-revoked
    if (this.over.aborted) return;
    // @end lane-revoked
    for (const message of batch) this.#settled.add(message);
    await this.#commit();
    this.onSettled(batch.length);
  }

  async #commit(): Promise<void> {
    const next = this.#unsettled.findIndex((message) => !this.#settled.has(message));
    const done = this.#unsettled.slice(0, next === -1 ? this.#unsettled.length : next);
    const last = done.at(-1);
    if (last) await this.#inTime(last.commit());
    this.#unsettled = this.#unsettled.slice(done.length);
    for (const message of done) this.#settled.delete(message);
  }

  /**
   * While a consumer joins its group again, the client keeps commits back. When that fails and the stream is
   * destroyed, it never answers them. The messages are then delivered again.
   */
  async #inTime(commit: Promise<void>): Promise<void> {
    const ended = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      timer = setTimeout(ended.resolve, LAST_COMMIT_MS);
    };
    this.over.addEventListener('abort', giveUp, { once: true });
    try {
      await Promise.race([commit, ended.promise]);
    } finally {
      this.over.removeEventListener('abort', giveUp);
      clearTimeout(timer);
    }
  }
}
