import type { OutboxChannel } from '../../../domain/events/outbox.js';

/** What a topic holds and its consumer group has not settled. */
export interface TopicBacklog {
  /** Messages that a partition holds and its consumer has not settled, by partition. */
  readonly lag: ReadonlyMap<number, number>;
  readonly deadLetters: number;
}

/** By the channel of the outbox that fills the topic. */
export type KafkaFigures = ReadonlyMap<OutboxChannel, TopicBacklog>;

/** What waits in the topics. */
export abstract class QueueBacklog {
  abstract measure(): Promise<KafkaFigures>;
}
