import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '../../tools/servers/processes/inherited-environment.js';
import type { Env } from './backends.js';
import { bundled } from './bundled.js';
import { passLogLine } from './log-level.js';

export const INSTANCE_PROGRAM = bundled(new URL('../../src/main.js', import.meta.url));

/** An instance in a separate process, which a test can signal and kill. */
export class InstanceProcess implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves once it listens; `main` may be another program that starts an instance. */
  static async start(env: Env, main = INSTANCE_PROGRAM): Promise<InstanceProcess> {
    const child = spawn(process.execPath, [main], {
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout }).on('line', passLogLine);
    const url = await new Promise<string | undefined>((resolve) => {
      lines.on('line', (line) => {
        const address = /listens on (\S+)/.exec(line)?.[1];
        if (address) resolve(address);
      });
      lines.once('close', () => resolve(undefined));
    });
    if (url) return new InstanceProcess(url, child);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const how = child.exitCode ?? child.signalCode;
    throw new Error(`the instance ended before it listened, with ${how}`);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Calls the function with all further output. */
  listen(onText: (text: string) => void): void {
    this.child.stdout?.on('data', (chunk: Buffer) => onText(chunk.toString()));
  }

  /** Sends a signal, and does not wait for its end. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and returns how the process ended. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const { child } = this;
    if (!this.hasEnded) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode ?? child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
