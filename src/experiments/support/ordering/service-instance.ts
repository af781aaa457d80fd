import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../main.js', import.meta.url));

/** The whole service as a process of its own. */
export class ServiceInstance implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves once it listens. */
  static async start(env: Readonly<Record<string, string>>): Promise<ServiceInstance> {
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /listens on (\S+)/.exec(line)?.[1];
      if (!url) continue;
      child.stdout.resume();
      return new ServiceInstance(url, child);
    }
    throw new Error('an instance ended before it listened');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}
