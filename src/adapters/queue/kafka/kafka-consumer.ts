import { setTimeout as pause } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import type { OrderedDelivery } from '../ordered-delivery.js';
import { Assignment } from './assignment.js';
import type { KafkaDelivered, OwnerOf, Read } from './kafka-delivered.js';
import { clientOptions, type KafkaSettings } from './kafka-settings.js';
import { ensureTopic } from './kafka-topics.js';

/** Between a session that failed and the next, in milliseconds. */
const PAUSE_MS = 500;

/** What a consumer reads, and with whom it shares the work: a partition belongs to one of a group. */
export interface Subscription<Content> {
  readonly topic: string;
  readonly group: string;
  readonly read: Read<Content>;
  readonly ownerOf: OwnerOf<Content>;
}

/**
 * Settles what the group assigns to this process, for as long as it runs. When the group is divided
 * anew, it begins anew at the committed offsets with a stream of its own: what the old stream had
 * fetched may be another's by then, and is dropped. A session that fails, as when Kafka is away, is
 * followed by another.
 */
export class KafkaConsumer<Content> {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly subscription: Subscription<Content>,
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
    private readonly onFailure: (error: unknown, again: boolean) => void,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Settles the batches under way and leaves the group, so that others go on at once. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    for (let failed = false; !signal.aborted; ) {
      try {
        await ensureTopic(this.settings, this.subscription.topic);
        await this.session();
        failed = false;
      } catch (error) {
        if (signal.aborted) return;
        this.onFailure(error, failed);
        failed = true;
        await pause(PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  private async session(): Promise<void> {
    const { sessionMs } = this.settings;
    const { topic, group } = this.subscription;
    const consumer = new Consumer({
      ...clientOptions(this.settings),
      groupId: group,
      sessionTimeout: sessionMs,
      heartbeatInterval: Math.ceil(sessionMs / 5),
      rebalanceTimeout: sessionMs * 2,
      maxWaitTime: 1_000,
    });
    // Without a listener it would end the process.
    const broken = new AbortController();
    consumer.on('error', (error) => broken.abort(error));
    try {
      // Kept by the session: a topic that no stream follows for a moment would be joined again.
      consumer.topics.track(topic);
      await consumer.joinGroup({});
      while (!this.stopped.signal.aborted) await this.generation(consumer, broken.signal);
    } finally {
      await new Promise<void>((resolve) => consumer.close(true, () => resolve()));
    }
  }

  /** From one division of the group to the next. */
  private async generation(consumer: Consumer, broken: AbortSignal): Promise<void> {
    broken.throwIfAborted();
    const stream = await consumer.consume({
      topics: [this.subscription.topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: false,
    });
    const { read, ownerOf } = this.subscription;
    const assignment = new Assignment(stream, read, ownerOf, this.delivery);
    const end = () => assignment.end(broken.reason);
    const signal = AbortSignal.any([this.stopped.signal, broken]);
    consumer.once('consumer:group:join', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    await assignment.over();
    consumer.off('consumer:group:join', end);
    signal.removeEventListener('abort', end);
  }
}
