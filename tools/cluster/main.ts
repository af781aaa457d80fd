/** `npm run cluster -- [--instances N] [--port N] [--docker | --local]` */
import path from 'node:path';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { ClusterError, type ClusterOptions, readOptions } from './cluster-options.js';
import { DockerCluster, hasDocker } from './docker-cluster.js';
import { startLocalCluster } from './local-cluster.js';

interface RunningCluster {
  close(): Promise<void>;
}

const stopping = new AbortController();

try {
  const options = readOptions(process.argv.slice(2));
  stopOnSignal();
  const way = options.way ?? (hasDocker() ? 'docker' : 'local');
  const cluster = way === 'docker' ? await runInDocker(options) : await runLocally(options);
  await stopped();
  console.log('stopping');
  await cluster.close();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  const isExpected = error instanceof ClusterError || error instanceof ServerUnavailableError;
  console.error(`cluster: ${isExpected ? error.message : (error as Error).stack}`);
  process.exit(1);
}

async function runInDocker(options: ClusterOptions): Promise<RunningCluster> {
  const cluster = new DockerCluster(options);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.close();
    throw error;
  }
  console.log(`cluster ready ${cluster.url} (docker; logs: docker compose logs)`);
  return cluster;
}

async function runLocally(options: ClusterOptions): Promise<RunningCluster> {
  const dataFolder = path.resolve(projectRoot, process.env['DATA_DIR'] ?? 'data');
  const cluster = await startLocalCluster({ ...options, dataFolder });
  for (const { name, ended } of cluster.instances) {
    ended?.addEventListener('abort', () => {
      if (!stopping.signal.aborted) console.error(`cluster: ${name} ended; the others go on`);
    });
  }
  const direct = cluster.instances.map(({ url }) => url).join(' ');
  console.log(`cluster ready ${cluster.url} (instances ${direct}; logs in ${cluster.logs})`);
  return cluster;
}

function stopOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Impatience: whatever is left ends with this process.
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
}

function stopped(): Promise<void> {
  // A listener alone keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    if (stopping.signal.aborted) end();
    stopping.signal.addEventListener('abort', end);
  });
}
