import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { signingSecret } from '../../src/config/settings/tokens/signing-secret.js';
import { projectRoot } from '../project-root.js';
import { ClusterError, type ClusterOptions, instancePort, metricsPort } from './cluster-options.js';
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

/**
 * Starts a file of docker/ with a project name for each port.
 *
 * @throws ClusterError
 */
export async function startDockerCluster(
  options: ClusterOptions & { readonly dataFolder: string },
  stopping: AbortSignal,
): Promise<RunningCluster> {
  if (!hasDocker()) throw new ClusterError('no Docker engine with compose answers; use --local');
  const file = options.replicated ? 'compose.replicated.yml' : 'compose.yml';
  if (options.instances !== INSTANCES[file]) {
    const count = INSTANCES[file];
    throw new ClusterError(`docker/${file} names ${count} instances; use --local for others`);
  }
  const profile = options.withMetrics ? ['--profile', 'metrics'] : [];
  const run = (...words: string[]) =>
    compose(file, options.port, environment(options), [...profile, ...words]);
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
  return { url, notes, close };
}

function environment(options: ClusterOptions & { readonly dataFolder: string }): NodeJS.ProcessEnv {
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

function metricsNote(options: ClusterOptions): string {
  const port = metricsPort(options);
  return `Prometheus http://127.0.0.1:${port}; Grafana http://127.0.0.1:${port + 1}`;
}

function projectName(port: number): string {
  return `lockstep-${port}`;
}

function compose(
  file: string,
  port: number,
  env: NodeJS.ProcessEnv,
  words: readonly string[],
): ChildProcess {
  const whole = path.join(projectRoot, 'docker', file);
  const args = ['compose', '--file', whole, '--project-name', projectName(port), ...words];
  // A separate process group, so that Ctrl-C reaches only this process, which stops the containers.
  return spawn('docker', args, { stdio: ['ignore', 2, 2], env, detached: true });
}

async function expectSuccess(child: ChildProcess, word: string): Promise<void> {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new ClusterError(`docker compose ${word} failed with ${code}`);
}
