import { findQuietPort } from '../../servers/free-port.js';
import { kafkaKind } from '../../servers/kafka/kafka-kind.js';
import type { KafkaServer } from '../../servers/kafka/start-kafka.js';
import { withAdmin } from '../../servers/kafka/with-admin.js';
import type { Server } from '../../servers/server.js';
import { bringUp } from '../../servers/sources/bring-up.js';
import type { ComingKafka } from '../cluster-kafka.js';
import type { ClusterServerOptions } from '../cluster-servers.js';

const BROKERS = 3;

/** Three brokers in one; closing it ends them all. */
export interface KafkaBrokers extends KafkaServer {
  readonly all: readonly Server[];
  /** @throws Error a replica of a partition is missing, or lags behind */
  expectWhole(): Promise<void>;
}

/**
 * Begins to start three brokers, each also a controller. A message is acknowledged when two of its
 * three replicas have it.
 */
export async function beginBrokers(
  { logFolder }: Pick<ClusterServerOptions, 'logFolder'>,
  opened: AsyncDisposableStack,
): Promise<ComingKafka> {
  const ports = await quietPorts();
  const controllers = await quietPorts();
  const voters = controllers.map((port, i) => `${i + 1}@127.0.0.1:${port}`).join(',');
  const brokers = ports.map((port) => `127.0.0.1:${port}`).join(',');
  const starts = ports.map((port, i) => {
    const settings = {
      ...REPLICATION,
      'node.id': String(i + 1),
      'controller.quorum.voters': voters,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllers[i]}`,
    };
    const kind = { ...kafkaKind({ settings }), slug: `kafka-${i + 1}` };
    return bringUp(kind, { sources: ['binary'], port, logFolder });
  });
  const started = Promise.all(starts).then((all) => asOne(all, brokers));
  // A failure is reported where it is awaited; until then it must not end this process.
  started.catch(() => undefined);
  opened.defer(async () => {
    const settled = await Promise.allSettled(starts);
    await Promise.all(
      settled.map(async (each) => each.status === 'fulfilled' && each.value.close()),
    );
  });
  return { brokers, started };
}

/** Properties of each broker; docker/compose.replicated.yml has the same. */
export const REPLICATION = {
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'share.coordinator.state.topic.replication.factor': '3',
  'share.coordinator.state.topic.min.isr': '2',
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
};

function quietPorts(): Promise<number[]> {
  return Promise.all(Array.from({ length: BROKERS }, findQuietPort));
}

function asOne(all: readonly Server[], brokers: string): KafkaBrokers {
  const each = async (work: (server: Server) => Promise<void>) => {
    await Promise.all(all.map(work));
  };
  const close = () => each((server) => server.close());
  return {
    all,
    brokers,
    expectWhole: () => expectInSync(brokers),
    url: `kafka://${brokers}`,
    source: 'binary',
    stop: (how) => each((server) => server.stop(how)),
    start: (how) => each((server) => server.start(how)),
    pause: () => each((server) => server.pause()),
    resume: () => each((server) => server.resume()),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function expectInSync(brokers: string): Promise<void> {
  const metadata = await withAdmin(brokers, async (admin) => {
    return admin.metadata({ topics: await admin.listTopics(), forceUpdate: true });
  });
  for (const [name, { partitions }] of metadata.topics) {
    const late = partitions.filter(({ isr }) => isr.length < BROKERS);
    if (late.length > 0) throw new Error(`${late.length} partitions of ${name} lack a replica`);
  }
}
