import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../servers/eventually.js';

const docker = promisify(execFile);

/** Longer than the start of a database with its data. */
const HEALTHY_MS = 90_000;

/** The container of one service of a Compose project, which can be stopped, killed and started again. */
export class ComposeService {
  private readonly container: string;

  constructor(
    project: string,
    readonly name: string,
  ) {
    this.container = `${project}-${name}-1`;
  }

  /** Stops by the signal of its image, as a deployment does, or with SIGKILL, like a crash. */
  async stop(how?: 'abruptly'): Promise<void> {
    const words = how === 'abruptly' ? ['kill'] : ['stop', '--time', '20'];
    await docker('docker', [...words, this.container]);
  }

  /** Resolves when its health check has passed. */
  async start(): Promise<void> {
    await docker('docker', ['start', this.container]);
    const asked = ['inspect', '--format', '{{.State.Health.Status}}', this.container];
    await eventually(
      async () => {
        const { stdout } = await docker('docker', asked);
        if (stdout.trim() !== 'healthy') throw new Error(`${this.name} is ${stdout.trim()}`);
      },
      { withinMs: HEALTHY_MS },
    );
  }

  /** Stops all its processes until `resume`. */
  async pause(): Promise<void> {
    await docker('docker', ['pause', this.container]);
  }

  async resume(): Promise<void> {
    await docker('docker', ['unpause', this.container]);
  }

  /** Runs a program in the container. */
  async run(...command: string[]): Promise<void> {
    await docker('docker', ['exec', this.container, ...command]);
  }
}
