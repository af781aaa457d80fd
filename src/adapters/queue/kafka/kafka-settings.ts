import type { ConnectionOptions } from 'node:tls';

/** Encryption and authentication of the connections; empty: neither. */
export interface KafkaSecurity {
  readonly tls?: ConnectionOptions;
  /** Server name for TLS; true: the host of the broker's address. */
  readonly tlsServerName?: string | boolean;
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
}

/** The brokers of Kafka, and the settings of topics and groups. */
export interface KafkaSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  readonly clientId: string;
  readonly security?: KafkaSecurity;
  /** Partitions of a new topic: the most instances that can settle messages in parallel. */
  readonly partitions: number;
  /** Session timeout of a group member; then its partitions go to the others. In milliseconds. */
  readonly sessionMs: number;
}

/** The topic of messages that could not be settled, each with its cause. */
export const deadLetterTopic = (topic: string): string => `${topic}.dead-letters`;

/** The consumer group that settles the order requests of a topic. */
export const consumerGroupOf = (topic: string): string => `${topic}.settlers`;

/**
 * Short timeouts: the client notices within seconds that Kafka is down, and callers retry by
 * themselves.
 */
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
