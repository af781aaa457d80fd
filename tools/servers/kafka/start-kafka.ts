import type { Server, ServerOptions } from '../server.js';
import { bringUp } from '../ways/bring-up.js';
import { brokersOf, kafkaKind, urlOfBrokers } from './kafka-kind.js';

export interface KafkaServer extends Server {
  /** As `KAFKA_BROKERS` wants them: `host:port,host:port`. */
  readonly brokers: string;
}

/**
 * A Kafka: the one at `TEST_KAFKA_BROKERS`, else in Docker, else from its jars on Java 17 or later,
 * which Maven fetches once.
 *
 * @throws ServerUnavailableError there is no way to have one
 */
export async function startKafka(options: ServerOptions = {}): Promise<KafkaServer> {
  const brokers = options.given ?? process.env[options.variable ?? 'TEST_KAFKA_BROKERS'];
  const given = brokers && { given: urlOfBrokers(brokersOf(brokers)) };
  const server = await bringUp(kafkaKind(options), { ...options, ...given });
  return Object.assign(server, { brokers: brokersOf(server.url) });
}
