import type { Server, ServerOptions } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { brokersOf, kafkaKind, urlOfBrokers } from './kafka-kind.js';

export interface KafkaServer extends Server {
  /** Format of `KAFKA_BROKERS`: `host:port,host:port`. */
  readonly brokers: string;
}

/**
 * Starts or finds a Kafka: the one at `TEST_KAFKA_BROKERS`, else in Docker, else from its jars on Java 17 or later,
 * which Maven fetches once.
 *
 * @throws ServerUnavailableError none can be started
 */
export async function startKafka(options: ServerOptions = {}): Promise<KafkaServer> {
  const brokers = options.given ?? process.env[options.variable ?? 'TEST_KAFKA_BROKERS'];
  const given = brokers && { given: urlOfBrokers(brokersOf(brokers)) };
  const server = await bringUp(kafkaKind(options), { ...options, ...given });
  return Object.assign(server, { brokers: brokersOf(server.url) });
}
