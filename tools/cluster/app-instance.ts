import { serviceProgram } from '../project-root.js';
import { eventually } from '../servers/eventually.js';
import { assertPortIsFree } from '../servers/free-port.js';
import { ServerProcess } from '../servers/processes/server-process.js';
import { ClusterError } from './cluster-options.js';

/** The first one of a replicated cluster also makes the tables, on three servers. */
const READY_TIMEOUT_MS = 90_000;
const ANSWER_TIMEOUT_MS = 2_000;

/** One instance of the service, as a process that can be stopped, killed and restarted. */
export class AppInstance {
  readonly url: string;
  private process: ServerProcess | undefined;

  constructor(
    readonly name: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
    private readonly log: string,
    private program: string = serviceProgram(),
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Aborts when the process has ended, for any reason. */
  get ended(): AbortSignal | undefined {
    return this.process?.ended;
  }

  /**
   * Starts the same program as before, or that of another version.
   *
   * @throws ClusterError its port is taken, or it did not become ready
   */
  async start(program = this.program): Promise<void> {
    this.program = program;
    await assertPortIsFree(this.port).catch(() => {
      throw new ClusterError(`port ${this.port} for ${this.name} is in use`);
    });
    const args = ['--enable-source-maps', program];
    const env = { PORT: String(this.port), INSTANCE_ID: this.name, ...this.env };
    this.process = new ServerProcess(process.execPath, args, this.log, env);
    await eventually(() => this.expectReady(), {
      withinMs: READY_TIMEOUT_MS,
      signal: this.process.ended,
    }).catch((error: unknown) => {
      throw new ClusterError(`${this.name} is not ready: ${(error as Error).message}`);
    });
  }

  /** Stops with SIGTERM, as a deployment does, or with SIGKILL, like a crash. */
  async stop(how?: 'abruptly'): Promise<void> {
    await this.process?.stop(how === 'abruptly' ? 'SIGKILL' : 'SIGTERM');
  }

  pause(): void {
    this.process?.signal('SIGSTOP');
  }

  resume(): void {
    this.process?.signal('SIGCONT');
  }

  private async expectReady(): Promise<void> {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const answer = await fetch(`${this.url}/readyz`, { signal });
    if (!answer.ok) throw new Error(`/readyz answers ${answer.status}: ${await answer.text()}`);
  }
}
