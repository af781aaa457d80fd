import path from 'node:path';
import {
  type CommandLine,
  type CommandUsage,
  UsageError,
} from '../../src/commands/command-line.js';

/** The options of `npm run cluster`. */
export interface ClusterOptions {
  readonly instances: number;
  /** Port of nginx; instance i listens on this port minus 5080, plus i. */
  readonly port: number;
  readonly way: 'docker' | 'local' | undefined;
  /** False: each instance keeps the queue in its own memory. */
  readonly withKafka: boolean;
  /** Whether a Prometheus reads the metrics of the instances. */
  readonly withMetrics?: boolean;
  /** Whether the database, Redis and Kafka are several servers each, which replace each other. */
  readonly replicated?: boolean;
  /** With `replicated`: a Redis Cluster in place of a master that Sentinel replaces. */
  readonly redisCluster?: boolean;
  /** Whether the terminal shows figures of the instances, live. */
  readonly watch?: boolean;
}

/** An expected failure: it is printed as one line, without a stack. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

/** With nginx on 8080 the instances are on 3001, 3002, and so on; they move with its port. */
const PORT_DISTANCE = 5_080;
const MOST_INSTANCES = 9;

/** With nginx on 8080 Prometheus is on 9090, its usual port. */
const METRICS_DISTANCE = 1_010;

export const CLUSTER_USAGE = {
  command: 'npm run cluster',
  synopsis:
    '[--instances N] [--port N] [--docker | --local] [--replicated [--redis-cluster]] [--without-kafka] [--with-metrics] [--watch]',
  does: `Starts MySQL or MariaDB, Redis, Kafka, and instances of the service behind nginx, and prints a line
that begins with "cluster ready". Ctrl-C stops everything.
The line names a file with the addresses of the servers:
  source data/cluster-8080/servers.env && npm run experiment
DATABASE_URL, REDIS_URL and KAFKA_BROKERS name servers to use instead. --replicated starts its own: three
members of Galera behind haproxy, a Redis with two replicas and three Sentinels, three brokers, and two nginx.`,
  options: {
    instances: {
      type: 'string',
      value: 'N',
      says: `1 to ${MOST_INSTANCES}; 2 by default, 3 with --replicated`,
    },
    port: {
      type: 'string',
      value: 'N',
      default: '8080',
      says: 'port of nginx; instance 1 listens on this port minus 5079, instance 2 on the next one',
    },
    docker: { type: 'boolean', says: 'runs docker/compose.yml; the default if Docker answers' },
    local: { type: 'boolean', says: 'runs the programs of this machine' },
    'without-kafka': { type: 'boolean', says: 'keeps the queue in the memory of each instance' },
    'with-metrics': {
      type: 'boolean',
      says: 'starts Prometheus with the alerts, on the port of nginx plus 1010; with Docker Grafana too',
    },
    replicated: {
      type: 'boolean',
      says: 'starts several servers of each engine, with --docker by compose.replicated.yml; the second nginx is on the next port',
    },
    'redis-cluster': {
      type: 'boolean',
      says: 'with --replicated: a Redis Cluster of six in place of Sentinel',
    },
    watch: { type: 'boolean', says: 'shows the figures of the instances on the terminal, live' },
  },
  examples: ['', '--instances 3', '--local --without-kafka --port 8090', '--with-metrics --watch'],
} as const satisfies CommandUsage;

type Values = CommandLine<typeof CLUSTER_USAGE.options>['values'];

/** @throws UsageError */
export function readOptions(values: Values): ClusterOptions {
  if (values.docker && values.local) throw new UsageError('choose one of --docker and --local');
  const withKafka = !values['without-kafka'];
  if (values.docker && !withKafka) {
    throw new UsageError('docker/compose.yml has Kafka, so --without-kafka goes with --local');
  }
  const { replicated, redisCluster } = replication(values);
  const isLocal = values.local || !withKafka || (replicated && !values.docker);
  const instances = values.instances ?? (replicated ? '3' : '2');
  return {
    withKafka,
    replicated,
    redisCluster,
    withMetrics: values['with-metrics'] ?? false,
    watch: values.watch ?? false,
    instances: wholeNumber('--instances', instances, 1, MOST_INSTANCES),
    port: wholeNumber('--port', values.port, PORT_DISTANCE + 1_024, 65_535),
    way: (values.docker && 'docker') || (isLocal && 'local') || undefined,
  };
}

/** @throws UsageError */
function replication(values: Values) {
  const replicated = values.replicated ?? false;
  const redisCluster = values['redis-cluster'] ?? false;
  if (redisCluster && !replicated) throw new UsageError('--redis-cluster goes with --replicated');
  if (replicated && values['without-kafka']) throw new UsageError('--replicated starts Kafka');
  if (values.docker && (redisCluster || (replicated && values['with-metrics']))) {
    throw new UsageError('compose.replicated.yml has neither a Redis Cluster nor Prometheus');
  }
  return { replicated, redisCluster };
}

export function instancePort({ port }: Pick<ClusterOptions, 'port'>, number: number): number {
  return port - PORT_DISTANCE + number;
}

/** @throws UsageError the port of nginx leaves none for Prometheus */
export function metricsPort({ port }: Pick<ClusterOptions, 'port'>): number {
  const own = port + METRICS_DISTANCE;
  if (own <= 65_535) return own;
  throw new UsageError(`--with-metrics needs a --port of ${65_535 - METRICS_DISTANCE} or less`);
}

/** Folder of a cluster's logs and of the addresses of its servers. */
export function clusterFolder(dataFolder: string, port: number): string {
  return path.join(dataFolder, `cluster-${port}`);
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not '${text}'`);
}
