/** The command `npm run cluster`. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type CommandLine, UsageError } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import {
  CLUSTER_USAGE,
  ClusterError,
  type ClusterOptions,
  instancePort,
  readOptions,
} from './cluster-options.js';
import { hasDocker, startDockerCluster } from './docker-cluster.js';
import { type LocalClusterOptions, startLocalCluster } from './local-cluster.js';
import type { RunningCluster } from './running-cluster.js';
import { readyLines } from './server-addresses.js';
import { stopSignal, unlessStopped, whenAborted } from './stop-signal.js';
import { watchFigures } from './watch/watch-figures.js';
import { watchParts } from './watch-parts.js';

/** Settings that instances inherit; addresses of servers are not among them. */
const FORWARDED =
  /^LAB$|^(CACHE|DB|JWT|KAFKA|LOCK|LOG|ORDER|OTEL|OUTBOX|QUOTA)_(?!BROKERS$|TLS|SASL)/;

const stopping = stopSignal();

await runCommand(CLUSTER_USAGE, run);

async function run({ values }: CommandLine<typeof CLUSTER_USAGE.options>): Promise<void> {
  try {
    const options = readOptions(values);
    const way = options.way ?? (hasDocker() ? 'docker' : 'local');
    const dataFolder = path.resolve(projectRoot, process.env['DATA_DIR'] ?? 'data');
    const start = way === 'docker' ? startDockerCluster : startLocally;
    const cluster = await start({ ...options, dataFolder }, stopping);
    console.log(readyLines(cluster, process.stdout));
    if (cluster.labLink) console.log(`lab ${cluster.labLink}`);
    if (options.watch) void watchFigures(instanceUrls(options), process.stdout, stopping);
    await whenAborted(stopping);
    console.log('stopping');
    await cluster.close();
    process.exit(0);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isExpected = error instanceof ClusterError || error instanceof ServerUnavailableError;
    console.error(`cluster: ${isExpected ? error.message : (error as Error).stack}`);
    // The watchdog ends servers that are still starting.
    process.exit(1);
  }
}

/** By the names of the instances. */
function instanceUrls(options: ClusterOptions): Record<string, string> {
  const numbers = Array.from({ length: options.instances }, (_, i) => i + 1);
  return Object.fromEntries(
    numbers.map((number) => [
      `instance-${number}`,
      `http://127.0.0.1:${instancePort(options, number)}`,
    ]),
  );
}

async function startLocally(options: LocalClusterOptions): Promise<RunningCluster> {
  const env = serviceSettings();
  const code = randomBytes(16).toString('base64url');
  const envOf = async (number: number) => (number === 1 ? { LAB_SIGN_IN_CODE: code } : {});
  // The buyers of the lab come through nginx, as other clients do.
  const shop = { LAB_SHOP_URL: `http://127.0.0.1:${options.port}` };
  const starting = startLocalCluster({ ...options, env: { ...env, ...shop }, envOf });
  const cluster = await unlessStopped(starting, stopping).catch(hintAtKafka);
  watchParts(cluster, stopping);
  const labLink = `${cluster.instances[0]?.url}/lab#code=${code}`;
  return { ...cluster, ...(env['LAB'] !== 'off' && { labLink }) };
}

/** Only Kafka is optional. */
function hintAtKafka(error: Error): never {
  const isKafka = error instanceof ServerUnavailableError && error.message.startsWith('Kafka');
  if (isKafka)
    throw new ClusterError(`${error.message}; --without-kafka starts a cluster without it`);
  throw error;
}

function serviceSettings(): Record<string, string> {
  const all = Object.entries(process.env) as [string, string][];
  return Object.fromEntries(all.filter(([name]) => FORWARDED.test(name)));
}
