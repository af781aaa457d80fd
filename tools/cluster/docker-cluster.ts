import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../project-root.js';
import { ClusterError, type ClusterOptions, instancePort } from './cluster-options.js';

/** Whether a Docker engine with compose answers. */
export function hasDocker(): boolean {
  const asked = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' });
  const answers = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 });
  return asked.status === 0 && answers.status === 0;
}

/** The topology of docker/compose.yml, under a project name of its own for each port. */
export class DockerCluster {
  readonly url: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: ClusterOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
    this.env = {
      ...process.env,
      PROXY_PORT: String(options.port),
      INSTANCE_1_PORT: String(instancePort(options, 1)),
      INSTANCE_2_PORT: String(instancePort(options, 2)),
      MYSQL_PASSWORD: process.env['MYSQL_PASSWORD'] ?? randomBytes(12).toString('hex'),
      JWT_SECRET: process.env['JWT_SECRET'] ?? randomBytes(32).toString('hex'),
    };
  }

  /** @throws ClusterError */
  async start(): Promise<void> {
    if (this.options.instances !== 2) {
      throw new ClusterError('docker/compose.yml names two instances; use --local for more');
    }
    await this.compose(['up', '--build', '--detach', '--wait']);
  }

  async close(): Promise<void> {
    // Its volumes hold the password it was made with, which is forgotten with this process.
    await this.compose(['down', '--volumes', '--timeout', '20']);
  }

  private async compose(words: readonly string[]): Promise<void> {
    const file = path.join(projectRoot, 'docker', 'compose.yml');
    const project = `lockstep-${this.options.port}`;
    const args = ['compose', '--file', file, '--project-name', project, ...words];
    const child = spawn('docker', args, { stdio: ['ignore', 2, 2], env: this.env });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new ClusterError(`docker compose ${words[0]} failed with ${code}`);
  }
}
