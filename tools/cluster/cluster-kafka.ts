import { Admin } from '@platformatic/kafka';
import { consumerGroupOf } from '../../src/adapters/queue/kafka/kafka-settings.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { kafkaSecurityFor } from '../../src/config/settings/tls/settings-beside.js';
import { eventually } from '../servers/eventually.js';
import { findQuietPort } from '../servers/free-port.js';
import { type KafkaServer, startKafka } from '../servers/kafka/start-kafka.js';
import { ClusterError } from './cluster-options.js';
import type { ClusterServerOptions } from './cluster-servers.js';

const CONSUMERS_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 2_000;

/** A Kafka whose address is known before it runs, because an instance is ready without it. */
export interface ComingKafka {
  /** Format of `KAFKA_BROKERS`: `host:port,host:port`. */
  readonly brokers: string;
  /** @throws ServerUnavailableError */
  readonly started: Promise<KafkaServer>;
}

/** Begins to start a Kafka, or uses the one that the environment names; `opened` ends it. */
export async function beginKafka(
  { mayBeGiven, logFolder }: Pick<ClusterServerOptions, 'mayBeGiven' | 'logFolder'>,
  opened: AsyncDisposableStack,
): Promise<ComingKafka> {
  const variable = 'KAFKA_BROKERS';
  const given = mayBeGiven ? process.env[variable] : undefined;
  const port = await findQuietPort();
  const ways = mayBeGiven ? (['given', 'binary'] as const) : (['binary'] as const);
  const started = startKafka({ variable, ways, port, logFolder });
  // A failure is reported where it is awaited; until then it must not end this process.
  const ended = started.catch(() => undefined);
  opened.defer(async () => (await ended)?.close());
  return { brokers: given || `127.0.0.1:${port}`, started };
}

/**
 * Resolves once consumers of all `instances` share the partitions, so that accepted requests are settled.
 *
 * @throws ClusterError they do not in time
 */
export async function expectConsumers(
  brokers: string,
  env: Readonly<Record<string, string>>,
  instances: number,
): Promise<void> {
  const group = consumerGroupOf(readSettings({ ...env }).KAFKA_TOPIC);
  const admin = new Admin({
    clientId: 'lockstep-cluster',
    bootstrapBrokers: brokers.split(','),
    ...kafkaSecurityFor(brokers),
    timeout: ANSWER_TIMEOUT_MS,
    retries: 0,
  });
  const ask = async () => {
    const found = (await admin.describeGroups({ groups: [group] })).get(group);
    if (found?.state === 'STABLE' && found.members.size >= instances) return;
    throw new Error(`${group} is ${found?.state} with ${found?.members.size} members`);
  };
  try {
    await eventually(ask, { withinMs: CONSUMERS_TIMEOUT_MS, everyMs: 50 });
  } catch (error) {
    throw new ClusterError(`the queue does not work: ${(error as Error).message}`);
  } finally {
    await admin.close();
  }
}
