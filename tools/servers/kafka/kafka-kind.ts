import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findQuietPort } from '../free-port.js';
import { type ServerOptions, ServerUnavailableError } from '../server.js';
import type { ProgramPlace, ServerKind } from '../server-kind.js';
import { areKafkaJarsCached, KAFKA_VERSION, kafkaJars } from './kafka-jars.mjs';
import { formatStorage } from './kafka-storage.js';
import { AT_ONCE, withAdmin } from './with-admin.js';

const SCHEME = 'kafka://';
const HEAP = ['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Format of `KAFKA_BROKERS`: `host:port,host:port`. */
export function brokersOf(url: string): string {
  return url.replace(SCHEME, '');
}

export function urlOfBrokers(brokers: string): string {
  return `${SCHEME}${brokers}`;
}

/** How to start Kafka: one node that is broker and controller (KRaft). */
export function kafkaKind(options: ServerOptions): ServerKind {
  let jars = '';
  const classPath = () => path.join(jars, '*');
  return {
    title: 'Kafka',
    slug: 'kafka',
    variable: 'TEST_KAFKA_BROKERS',
    image: {
      name: `apache/kafka:${KAFKA_VERSION}`,
      port: 9092,
      environment: {},
      environmentFor: containerEnvironment,
      command: [],
    },
    programs: [
      {
        name: 'java',
        companions: areKafkaJarsCached() ? [] : ['mvn'],
        createData: async (place) => {
          jars = await kafkaJars(place.executables['mvn']).catch(
            inOneLine('Kafka could not be fetched by Maven'),
          );
          const file = propertiesFile(place);
          writeFileSync(file, propertiesText(place, await findQuietPort(), options.settings));
          const java = [place.executables['java'] ?? 'java', ...HEAP];
          const nodeId = options.settings?.['node.id'] ?? '1';
          await formatStorage({ jars, java, properties: file, data: place.data, nodeId }).catch(
            inOneLine('Kafka, which needs Java 17 or later, could not be prepared'),
          );
        },
        argumentsFor: (place) => [
          ...HEAP,
          ...['-cp', classPath(), 'kafka.Kafka', propertiesFile(place)],
        ],
      },
    ],
    debianPackage: 'default-jre-headless maven',
    urlFor: (host, port) => urlOfBrokers(`${host}:${port}`),
    ping,
  };
}

/** The first line of a failed program's output, without its stack or usage. */
function inOneLine(what: string) {
  return (error: Error & { readonly stdout?: string; readonly stderr?: string }): never => {
    const lines = `${error.stderr ?? ''}\n${error.stdout ?? ''}\n${error.message}`.split('\n');
    const reason = lines.find((line) => /error|exception/i.test(line)) ?? error.message;
    throw new ServerUnavailableError(`${what}: ${reason.trim()}`, { cause: error });
  };
}

function propertiesFile({ folder }: ProgramPlace): string {
  return path.join(folder, 'server.properties');
}

/** One replica; and a consumer group starts at once, without a wait for more members. */
const SINGLE_NODE = {
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
};

function propertiesText(
  { data, port }: ProgramPlace,
  controller: number,
  settings: ServerOptions['settings'],
): string {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'log.dirs': data,
    ...SINGLE_NODE,
    ...settings,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

function containerEnvironment(hostPort: number): Record<string, string> {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    'advertised.listeners': `PLAINTEXT://localhost:${hostPort}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': '1@localhost:9093',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    ...SINGLE_NODE,
  };
  const named = Object.entries(properties).map(([name, value]) => [imageVariable(name), value]);
  return { ...Object.fromEntries(named), KAFKA_HEAP_OPTS: '-Xmx384m' };
}

/** The variable from which the image reads a property. */
export function imageVariable(property: string): string {
  return `KAFKA_${property.toUpperCase().replaceAll('.', '_')}`;
}

async function ping(url: string): Promise<void> {
  await withAdmin(brokersOf(url), (admin) => admin.listTopics(), AT_ONCE);
}
