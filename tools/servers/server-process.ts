import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { watchdog } from './watchdog.js';

/** Time for a clean end; a server that takes longer is killed. */
const STOP_PATIENCE_MS = 20_000;

/** One run of a server's program, its output in a log file. */
export class ServerProcess {
  /** Aborts, with the log's last line as its reason, once the program has ended. */
  readonly ended: AbortSignal;
  private readonly child: ChildProcess;
  private readonly exit: Promise<void>;

  constructor(
    private readonly executable: string,
    args: readonly string[],
    private readonly log: string,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    const output = openSync(log, 'a');
    // A group of its own, so that a Ctrl-C for this process leaves the end of the server to us.
    this.child = spawn(executable, args, {
      stdio: ['ignore', output, output],
      detached: true,
      env,
    });
    closeSync(output);
    const ended = new AbortController();
    this.ended = ended.signal;
    this.exit = this.whenOver().then((cause) => ended.abort(this.explain(cause)));
    if (this.child.pid !== undefined) watchdog.claim({ pid: this.child.pid });
    this.child.unref();
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.child.ref();
    // A frozen process hears nothing until it goes on.
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    const lastResort = setTimeout(() => this.child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.exit;
    clearTimeout(lastResort);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  private async whenOver(): Promise<Error | undefined> {
    const cause = await new Promise<Error | undefined>((resolve) => {
      this.child.once('exit', () => resolve(undefined));
      this.child.once('error', resolve);
    });
    if (this.child.pid !== undefined) watchdog.giveUp({ pid: this.child.pid });
    return cause;
  }

  private explain(cause: Error | undefined): Error {
    const lines = readFileSync(this.log, 'utf8').trim().split('\n');
    const said = lines.findLast((line) => /error|fail|abort|in use/i.test(line)) ?? lines.at(-1);
    return new Error(`${this.executable} ended: ${cause?.message ?? (said || 'it said nothing')}`);
  }
}
