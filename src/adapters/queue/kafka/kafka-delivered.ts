import type { Message } from '@platformatic/kafka';
import type { Delivered } from '../ordered-delivery.js';
import { requestIdIn } from './order-message-codec.js';

/** A message as it lies in its partition. */
export interface KafkaDelivered extends Delivered {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Says that everything up to here is settled. */
  commit(): Promise<void>;
}

export function kafkaDelivered(message: Message): KafkaDelivered {
  const { key, value, topic, partition, offset } = message;
  return {
    requestId: requestIdIn(value),
    key,
    value,
    topic,
    partition,
    offset,
    commit: async () => message.commit(),
  };
}
