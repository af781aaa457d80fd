import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makePrivateFolder } from '../../src/config/settings/files/private-files.js';
import { signingSecret } from '../../src/config/settings/tokens/signing-secret.js';
import { projectRoot } from '../project-root.js';
import {
  ClusterError,
  type ClusterOptions,
  clusterFolder,
  instancePort,
  metricsPort,
} from './cluster-options.js';
import { ComposeService } from './compose-service.js';
import type { RunningCluster } from './running-cluster.js';
import { unlessStopped } from './stop-signal.js';

/** Whether a Docker engine with compose answers. */
export function hasDocker(): boolean {
  const asked = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 5_000 });
  const answers = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 });
  return asked.status === 0 && answers.status === 0;
}

/** How many instances each file names. */
const INSTANCES = { 'compose.yml': 2, 'compose.replicated.yml': 3 };

export interface DockerClusterOptions extends Omit<ClusterOptions, 'way'> {
  /** For the secret that signs tokens. */
  readonly dataFolder: string;
  /** Further environment of each instance. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface DockerCluster extends RunningCluster {
  /** The container of a service of the Compose file. */
  service(name: string): ComposeService;
}

/**
 * Starts a file of docker/ with a project name for each port.
 *
 * @throws ClusterError
 */
export async function startDockerCluster(
  options: DockerClusterOptions,
  stopping: AbortSignal,
): Promise<DockerCluster> {
  if (!hasDocker()) throw new ClusterError('no Docker engine with compose answers; use --local');
  const file = options.replicated ? 'compose.replicated.yml' : 'compose.yml';
  if (options.instances !== INSTANCES[file]) {
    const count = INSTANCES[file];
    throw new ClusterError(`docker/${file} names ${count} instances; use --local for others`);
  }
  const profile = options.withMetrics ? ['--profile', 'metrics'] : [];
  const files = [path.join(projectRoot, 'docker', file), ...furtherEnvironment(options)];
  const run = (...words: string[]) =>
    compose(files, options.port, environment(options), [...profile, ...words]);
  // The volumes are removed too: they hold a password that only this process knows.
  const close = () => expectSuccess(run('down', '--volumes', '--timeout', '20'), 'down');
  const up = run('up', '--build', '--detach', '--wait');
  try {
    await unlessStopped(expectSuccess(up, 'up'), stopping);
  } catch (error) {
    if (up.exitCode === null && up.kill('SIGINT')) await once(up, 'close');
    await close();
    throw error;
  }
  const url = `http://127.0.0.1:${options.port}`;
  const logs = `docker; logs: docker compose --project-name ${projectName(options.port)} logs`;
  const second = options.replicated ? `second nginx http://127.0.0.1:${options.port + 1}; ` : '';
  const notes = `${second}${options.withMetrics ? `${logs}; ${metricsNote(options)}` : logs}`;
  const service = (name: string) => new ComposeService(projectName(options.port), name);
  return { url, notes, service, close };
}

/** A second Compose file with `env`, for each instance. */
function furtherEnvironment({ env, instances, dataFolder, port }: DockerClusterOptions): string[] {
  if (!env) return [];
  const folder = clusterFolder(dataFolder, port);
  makePrivateFolder(folder);
  const file = path.join(folder, 'compose.env.json');
  const names = Array.from({ length: instances }, (_, i) => `instance-${i + 1}`);
  const services = Object.fromEntries(names.map((name) => [name, { environment: env }]));
  writeFileSync(file, JSON.stringify({ services }));
  return [file];
}

function environment(options: DockerClusterOptions): NodeJS.ProcessEnv {
  // The secret with which `npm run token` signs.
  const secret = signingSecret({ JWT_SECRET: undefined, DATA_DIR: options.dataFolder });
  return {
    MYSQL_PASSWORD: randomBytes(12).toString('hex'),
    JWT_SECRET: new TextDecoder().decode(secret),
    ...process.env,
    PROXY_PORT: String(options.port),
    PROXY_2_PORT: String(options.port + 1),
    ...Object.fromEntries(
      Array.from({ length: options.instances }, (_, i) => [
        `INSTANCE_${i + 1}_PORT`,
        String(instancePort(options, i + 1)),
      ]),
    ),
    ...(options.withMetrics && {
      PROMETHEUS_PORT: String(metricsPort(options)),
      GRAFANA_PORT: String(metricsPort(options) + 1),
    }),
  };
}

function metricsNote(options: DockerClusterOptions): string {
  const port = metricsPort(options);
  return `Prometheus http://127.0.0.1:${port}; Grafana http://127.0.0.1:${port + 1}`;
}

function projectName(port: number): string {
  return `lockstep-${port}`;
}

function compose(
  files: readonly string[],
  port: number,
  env: NodeJS.ProcessEnv,
  words: readonly string[],
): ChildProcess {
  const named = files.flatMap((file) => ['--file', file]);
  const args = ['compose', ...named, '--project-name', projectName(port), ...words];
  // A separate process group, so that Ctrl-C reaches only this process, which stops the containers.
  return spawn('docker', args, { stdio: ['ignore', 2, 2], env, detached: true });
}

async function expectSuccess(child: ChildProcess, word: string): Promise<void> {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new ClusterError(`docker compose ${word} failed with ${code}`);
}
