import type { Admin } from '@platformatic/kafka';
import { consumerGroupOf } from '../../src/adapters/queue/kafka/kafka-settings.js';
import { readSettings } from '../../src/config/settings/settings.js';
import { eventually } from '../servers/eventually.js';
import { findQuietPort } from '../servers/free-port.js';
import { type KafkaServer, startKafka } from '../servers/kafka/start-kafka.js';
import { AT_ONCE, withAdmin } from '../servers/kafka/with-admin.js';
import { ClusterError } from './cluster-options.js';
import type { ClusterServerOptions } from './cluster-servers.js';

const CONSUMERS_TIMEOUT_MS = 60_000;

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
  const sources = mayBeGiven ? (['given', 'binary'] as const) : (['binary'] as const);
  const started = startKafka({ variable, sources, port, logFolder });
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
  const expectAll = async (admin: Admin) => {
    const found = (await admin.describeGroups({ groups: [group] })).get(group);
    if (found?.state === 'Stable' && found.members.size >= instances) return;
    throw new Error(`${group} is ${found?.state} with ${found?.members.size} members`);
  };
  const bounds = { withinMs: CONSUMERS_TIMEOUT_MS, everyMs: 50 };
  try {
    await withAdmin(brokers, (admin) => eventually(() => expectAll(admin), bounds), AT_ONCE);
  } catch (error) {
    throw new ClusterError(`the queue does not work: ${(error as Error).message}`);
  }
}
