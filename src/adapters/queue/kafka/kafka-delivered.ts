import type { Message } from '@platformatic/kafka';
import type { Delivered } from '../ordered-delivery.js';

/** A message with its place in Kafka. */
export interface KafkaDelivered<Content> extends Delivered<Content> {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Commits the offset: all messages up to this one are settled. */
  commit(): Promise<void>;
}

/** Names and values as they were sent; undefined: the message has none. */
export type Headers = ReadonlyMap<Buffer, Buffer> | undefined;

/** Decodes a value; undefined for a wrong format, because other programs may write to the topic. */
export type Read<Content> = (value: Buffer | undefined, headers?: Headers) => Content | undefined;

/** The owner, for messages whose owners take turns; undefined when only the order counts. */
export type OwnerOf<Content> = (content: Content) => string | undefined;

export function kafkaDelivered<Content>(
  message: Message,
  read: Read<Content>,
): KafkaDelivered<Content> {
  const { key, value, topic, partition, offset, headers } = message;
  return {
    content: read(value, headers),
    key,
    value,
    topic,
    partition,
    offset,
    commit: async () => message.commit(),
  };
}
