import { rmSync } from 'node:fs';
import path from 'node:path';
import { makePrivateFolder } from '../../src/config/settings/files/private-files.js';
import { securityFor } from '../../src/config/settings/tls/settings-for-server.js';
import { assertPortIsFree } from '../servers/free-port.js';
import type { KafkaServer } from '../servers/kafka/start-kafka.js';
import type { ProxyOptions } from '../servers/nginx/render-proxy.js';
import { inheritedEnvironment } from '../servers/processes/inherited-environment.js';
import { prometheusKind } from '../servers/prometheus/prometheus-kind.js';
import { bringUp } from '../servers/sources/bring-up.js';
import { AppInstance } from './app-instance.js';
import { startGateway } from './cluster-gateway.js';
import { beginKafka, expectConsumers } from './cluster-kafka.js';
import {
  ClusterError,
  type ClusterOptions,
  clusterFolder,
  instancePort,
  metricsPort,
} from './cluster-options.js';
import { type ClusterServers, startServers } from './cluster-servers.js';
import { beginBrokers } from './replicated/brokers.js';
import { startReplicatedServers } from './replicated/replicated-servers.js';
import type { RunningCluster } from './running-cluster.js';
import { serverAddresses, writeAddresses } from './server-addresses.js';

/** nginx closes idle connections to an instance after two seconds; then no more requests arrive. */
const DRAIN_MS = '3000';

export interface LocalClusterOptions extends Omit<ClusterOptions, 'way'> {
  /** For logs, and for the secret that signs tokens. */
  readonly dataFolder: string;
  /** What each instance runs; by default the service as it was built. */
  readonly program?: string;
  /** Further environment of each instance. */
  readonly env?: Readonly<Record<string, string>>;
  /** Environment of a single instance; numbers begin with 1. */
  envOf?(number: number, servers: ClusterServers): Promise<Readonly<Record<string, string>>>;
  readonly limits?: Pick<ProxyOptions, 'rate' | 'burst'>;
  /** Whether DATABASE_URL, REDIS_URL and KAFKA_BROKERS are used if they are set; true by default. */
  readonly mayBeGiven?: boolean;
}

/** A cluster whose parts are all processes of this machine, from the programs on its PATH. */
export interface LocalCluster extends RunningCluster, ClusterServers, AsyncDisposable {
  /** Environment of each instance. */
  readonly env: Readonly<Record<string, string>>;
  readonly instances: readonly AppInstance[];
  /** Undefined if each instance keeps the queue in its own memory. */
  readonly kafka: KafkaServer | undefined;
}

/**
 * Starts everything or nothing: when one part fails, the others are ended.
 *
 * @throws ServerUnavailableError, ClusterError
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { port, limits, mayBeGiven = true } = options;
  const ports = portsOf(options);
  const prometheusPort = options.withMetrics ? metricsPort(options) : undefined;
  const others = [
    ...(prometheusPort ? [prometheusPort] : []),
    ...(options.replicated ? [port + 1] : []),
  ];
  await expectFree([port, ...ports, ...others]);
  await using resources = new AsyncDisposableStack();
  const logFolder = newLogFolder(options);
  const begin = options.replicated ? beginBrokers : beginKafka;
  const coming = options.withKafka ? await begin({ mayBeGiven, logFolder }, resources) : undefined;
  const proxyOptions = { upstreams: ports.map((each) => `127.0.0.1:${each}`), ...limits };
  const wanted = { port, proxy: proxyOptions, logFolder, mayBeGiven };
  const servers = options.replicated
    ? await startReplicatedServers({ ...wanted, ...options }, resources)
    : await startServers(wanted, resources);
  const gateway = await startGateway({ ...options, logFolder, mayBeGiven }, resources);
  const own = {
    ...gateway,
    ...environment(options, servers),
    KAFKA_BROKERS: coming?.brokers ?? '',
  };
  const env = { ...(mayBeGiven && securityFor(own)), ...own };
  const instances = await describeInstances(options, { servers, env, logFolder });
  resources.defer(() => stopAll(instances));
  const [kafka] = await Promise.all([coming?.started, startAll(instances)]);
  if (kafka) await expectConsumers(kafka.brokers, env, instances.length);
  const targets = proxyOptions.upstreams;
  const prometheus =
    prometheusPort &&
    resources.use(
      await bringUp(prometheusKind(targets), {
        sources: ['binary'],
        port: prometheusPort,
        logFolder,
      }),
    );
  // Stopped before the instances, so that nginx does not answer 502 in between.
  const proxies = [servers.proxy, ...(servers.replicated?.otherProxies ?? [])];
  resources.defer(async () => void (await Promise.all(proxies.map((proxy) => proxy.stop()))));
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  const addresses = serverAddresses(env);
  const file = writeAddresses(logFolder, addresses);
  owned.defer(() => rmSync(file, { force: true }));
  const urls = instances.map(({ url }) => url).join(' ');
  const metrics = prometheus ? `Prometheus ${prometheus.url}; ` : '';
  const second = proxies.slice(1).map((proxy) => `second nginx ${proxy.url}; `);
  const notes = `instances ${urls}; ${second.join('')}${metrics}logs in ${logFolder}; addresses in ${file}`;
  const url = servers.proxy.url;
  const shown = { url, notes, addresses, env, instances, close };
  return { ...servers, kafka, ...shown, [Symbol.asyncDispose]: close };
}

function portsOf(options: LocalClusterOptions): number[] {
  return Array.from({ length: options.instances }, (_, i) => instancePort(options, i + 1));
}

/** An empty folder, without the logs of an earlier cluster. */
function newLogFolder({ dataFolder, port }: LocalClusterOptions): string {
  const folder = clusterFolder(dataFolder, port);
  rmSync(folder, { recursive: true, force: true });
  makePrivateFolder(folder);
  return folder;
}

interface InstanceContext {
  readonly servers: ClusterServers;
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
}

async function describeInstances(
  options: LocalClusterOptions,
  { servers, env, logFolder }: InstanceContext,
): Promise<AppInstance[]> {
  const instances: AppInstance[] = [];
  for (const [i, port] of portsOf(options).entries()) {
    const name = `instance-${i + 1}`;
    const own = { SEED_DEMO: String(i === 0), ...(await options.envOf?.(i + 1, servers)) };
    const log = path.join(logFolder, `${name}.log`);
    instances.push(new AppInstance(name, port, { ...env, ...own }, log, options.program));
  }
  return instances;
}

/** The first instance migrates and seeds the database; the others would wait for it. */
async function startAll([first, ...others]: readonly AppInstance[]): Promise<void> {
  await first?.start();
  await Promise.all(others.map((instance) => instance.start()));
}

/** Checked before anything is started, so that the error comes at once. */
async function expectFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await assertPortIsFree(port).catch((error: NodeJS.ErrnoException) => {
      const problem = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used: ${error.code}`;
      throw new ClusterError(`port ${port} ${problem}; --port N moves nginx and the instances`);
    });
  }
}

async function stopAll(instances: readonly AppInstance[]): Promise<void> {
  await Promise.all(instances.map((instance) => instance.stop()));
}

function environment(
  options: LocalClusterOptions,
  { database, redisSettings }: ClusterServers,
): Record<string, string> {
  const { dataFolder, env } = options;
  const urls = portsOf(options).map((port) => `http://127.0.0.1:${port}`);
  return {
    ...inheritedEnvironment(),
    LAB_INSTANCES: urls.join(','),
    HOST: '127.0.0.1',
    DATA_DIR: dataFolder,
    DATABASE_URL: database.url,
    ...redisSettings,
    SHUTDOWN_DRAIN_MS: DRAIN_MS,
    TRUSTED_PROXIES: '127.0.0.1',
    ...env,
  };
}
