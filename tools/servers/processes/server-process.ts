import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { openPrivate } from '../../../src/config/settings/files/private-files.js';
import { watchdog } from './watchdog.js';

/** Time for a clean end; a server that takes longer is killed. */
const STOP_TIMEOUT_MS = 20_000;

/** One run of a server's program, its output in a log file. */
export class ServerProcess {
  /** Aborts once the program has ended; its reason says how, with the last error in the log. */
  readonly ended: AbortSignal;
  private readonly child: ChildProcess;
  private readonly exit: Promise<void>;
  /** Where this run's part of the log begins. */
  private readonly logStart: number;

  constructor(
    private readonly executable: string,
    args: readonly string[],
    private readonly log: string,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    const output = openPrivate(log);
    this.logStart = fstatSync(output).size;
    // A separate process group, so that Ctrl-C reaches only this process, which stops the server.
    this.child = spawn(executable, args, {
      stdio: ['ignore', output, output],
      detached: true,
      env,
    });
    closeSync(output);
    const ended = new AbortController();
    this.ended = ended.signal;
    this.exit = this.whenOver().then((how) => ended.abort(this.explain(how)));
    if (this.child.pid !== undefined) watchdog.claim({ pid: this.child.pid });
    this.child.unref();
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.child.ref();
    // A frozen process handles no signal until it is resumed.
    this.signal('SIGCONT');
    this.child.kill(signal);
    const lastResort = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.exit;
    clearTimeout(lastResort);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.tellGroup(signal);
  }

  private async whenOver(): Promise<string | undefined> {
    const how = await new Promise<string | undefined>((resolve) => {
      this.child.once('exit', (_code, signal) => resolve(signal ? `by ${signal}` : undefined));
      this.child.once('error', ({ message }) => resolve(message));
    });
    // The workers of a killed master still run and keep its port.
    this.tellGroup('SIGKILL');
    if (this.child.pid !== undefined) watchdog.giveUp({ pid: this.child.pid });
    return how;
  }

  private tellGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || this.ended.aborted) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The whole group has ended.
    }
  }

  private explain(how: string | undefined): Error {
    const lines = readFileSync(this.log).subarray(this.logStart).toString().trim().split('\n');
    const said = lines.findLast((line) => /error|fail|abort|in use/i.test(line)) ?? lines.at(-1);
    return new Error(`${this.executable} ended: ${how ?? (said || 'it said nothing')}`);
  }
}
