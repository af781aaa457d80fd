import type { Message } from '@platformatic/kafka';
import type { Delivered } from '../ordered-delivery.js';

/** A message as it lies in its partition. */
export interface KafkaDelivered<Content> extends Delivered<Content> {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Says that everything up to here is settled. */
  commit(): Promise<void>;
}

/** Reads a message's value; undefined when it is something else, as anyone may write to a topic. */
export type Read<Content> = (value: Buffer | undefined) => Content | undefined;

/** Whose it is, where owners are served in turn; undefined where order alone counts. */
export type OwnerOf<Content> = (content: Content) => string | undefined;

export function kafkaDelivered<Content>(
  message: Message,
  read: Read<Content>,
): KafkaDelivered<Content> {
  const { key, value, topic, partition, offset } = message;
  return {
    content: read(value),
    key,
    value,
    topic,
    partition,
    offset,
    commit: async () => message.commit(),
  };
}
