import type { ConnectionOptions } from 'node:tls';

/** How connections are encrypted, and as whom they speak; empty for plain text and nobody. */
export interface KafkaSecurity {
  readonly tls?: ConnectionOptions;
  /** The name that a broker is asked for; true for that of its address. */
  readonly tlsServerName?: string | boolean;
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
}

/** Where Kafka is, and how topics are kept there. */
export interface KafkaSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  readonly clientId: string;
  readonly security?: KafkaSecurity;
  /** Of a topic that does not exist yet; it bounds how many instances settle side by side. */
  readonly partitions: number;
  /** After this without a sign of life a member's partitions go to the others, in milliseconds. */
  readonly sessionMs: number;
}

/** Messages that could not be settled, each with its cause. */
export const deadLetterTopic = (topic: string): string => `${topic}.dead-letters`;

/** The consumers that settle the order requests of a topic: each partition belongs to one of them. */
export const consumerGroupOf = (topic: string): string => `${topic}.settlers`;

/** A Kafka that is away is noticed in seconds; whoever asked tries again by itself. */
export function clientOptions({ brokers, clientId, security }: KafkaSettings) {
  return {
    ...security,
    clientId,
    bootstrapBrokers: [...brokers],
    connectTimeout: 2_000,
    timeout: 5_000,
    retries: 2,
    retryDelay: 200,
    autocreateTopics: false,
  };
}
