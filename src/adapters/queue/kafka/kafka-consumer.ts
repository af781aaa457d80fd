import { setTimeout as pause } from 'node:timers/promises';
import { Consumer } from '@platformatic/kafka';
import type { OrderedDelivery } from '../ordered-delivery.js';
import { Assignment } from './assignment.js';
import type { KafkaDelivered, OwnerOf, Read } from './kafka-delivered.js';
import { clientOptions, type KafkaSettings } from './kafka-settings.js';
import { ensureTopic } from './kafka-topics.js';

/** Pause after a failed session, in milliseconds. */
const PAUSE_MS = 500;

/** Longest time in which a consumer leaves its group, in milliseconds; the group notices its death by itself. */
const LEAVE_MS = 5_000;

/** What a consumer reads. The consumers of a group share the partitions of the topic. */
export interface Subscription<Content> {
  readonly topic: string;
  readonly group: string;
  readonly read: Read<Content>;
  readonly ownerOf: OwnerOf<Content>;
}

/**
 * Settles the messages of the partitions that the group assigns to this process. After a rebalance it
 * opens a new stream at the committed offsets and drops what the old stream had fetched, because those
 * messages may belong to another consumer. After a failed session, for example while Kafka is down,
 * it starts another one.
 */
export class KafkaConsumer<Content> {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly subscription: Subscription<Content>,
    private readonly delivery: OrderedDelivery<Content, KafkaDelivered<Content>>,
    private readonly onFailure: (error: unknown, again: boolean) => void,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Finishes the current batches and leaves the group, so that other consumers continue at once.
   */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failed = false; !signal.aborted; ) {
      try {
        await ensureTopic(this.settings, this.subscription.topic);
        await this.#session();
        failed = false;
      } catch (error) {
        if (signal.aborted) return;
        this.onFailure(error, failed);
        failed = true;
        await pause(PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #session(): Promise<void> {
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
    // Without a listener the error would end the process.
    const broken = new AbortController();
    consumer.on('error', (error) => broken.abort(error));
    // Also when the consumer has not joined the group again within its rebalance timeout.
    consumer.on('consumer:heartbeat:stalled', ({ lastError }) =>
      broken.abort(new Error(`the group ${group} gets no heartbeats`, { cause: lastError })),
    );
    try {
      // Without this the consumer would join the group again whenever the topic has no stream for a
      // moment.
      consumer.topics.track(topic);
      await consumer.joinGroup({});
      while (!this.#stopped.signal.aborted) await this.#generation(consumer, broken.signal);
    } finally {
      const left = new Promise<void>((resolve) => consumer.close(true, () => resolve()));
      await Promise.race([left, pause(LEAVE_MS, undefined, { ref: false })]);
    }
  }

  /** Works until the next rebalance. */
  async #generation(consumer: Consumer, broken: AbortSignal): Promise<void> {
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
    const signal = AbortSignal.any([this.#stopped.signal, broken]);
    consumer.once('consumer:group:join', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    await assignment.over();
    consumer.off('consumer:group:join', end);
    signal.removeEventListener('abort', end);
  }
}
