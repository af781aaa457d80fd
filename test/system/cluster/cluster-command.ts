import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from '../../../tools/servers/eventually.js';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';

const PROGRAM = path.join(import.meta.dirname, '../../../tools/cluster/main.js');
const READY_TIMEOUT_MS = 180_000;

/** `npm run cluster` as a process that a test can signal, with its output so far. */
export class ClusterCommand implements AsyncDisposable {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    this.#child = spawn(process.execPath, [PROGRAM, '--local', ...args], {
      stdio: [...stdio],
      env: { ...inheritedEnvironment(), ...env },
    });
    this.#ended = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  /** Resolves when its output matches. */
  async says(words: RegExp): Promise<void> {
    await eventually(
      () => {
        if (words.test(this.output)) return;
        throw new Error(`'${words}' is not in:\n${this.output}`);
      },
      { withinMs: READY_TIMEOUT_MS },
    );
  }

  /** Every running process that it started, and their descendants. */
  descendants(): { readonly pid: number; readonly command: string }[] {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
      .filter((row) => row !== null)
      .map(([, pid, parent, command = '']) => ({
        pid: Number(pid),
        parent: Number(parent),
        command,
      }));
    const below = (pid: number): typeof rows =>
      rows.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...below(row.pid)]);
    return below(this.#child.pid ?? -1).filter(({ command }) => !command.startsWith('ps '));
  }

  /**
   * The first descendant whose command matches. It never returns 0, which would mean every process.
   */
  descendant(words: RegExp): number {
    const found = this.descendants().find(({ command }) => words.test(command));
    if (!found) throw new Error(`nothing that runs matches ${words}`);
    return found.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, after it has ended. */
  async end(): Promise<number | NodeJS.Signals | null> {
    await this.#ended;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }
}
