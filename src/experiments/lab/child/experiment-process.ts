import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeLeftFolders } from '../run-folder.js';
import { lowerPriority } from './lower-priority.js';
import type { LiveStep, RunCommand, RunMessage, ShownReport } from './run-messages.js';

const PROGRAM = fileURLToPath(new URL('./lab-process.js', import.meta.url));

interface ProcessLimits {
  /** Longest run, in milliseconds; by default longer than any run on a slow machine. */
  readonly runMs: number;
  /** How long the process is kept without a run, in milliseconds. */
  readonly idleMs: number;
}

const LIMITS: ProcessLimits = { runMs: 3 * 60_000, idleMs: 5 * 60_000 };

/** Longest wait for a clean end, in milliseconds. */
const CLOSE_MS = 1_000;

/**
 * Runs experiments in a process of lower priority, so that they take little from the requests of the
 * instance. The process is started when it is needed, and ends after some minutes without a run.
 *
 * When the instance is killed, the process finishes its run, cleans up and ends.
 */
export class ExperimentProcess {
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(private readonly limits = LIMITS) {}

  /** Undefined when there is no process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process if there is none, so that the next run begins at once. */
  prepare(): void {
    this.#running();
    this.#endWhenIdle();
  }

  /**
   * Runs one experiment; the caller waits for its end before the next. `onSteps` receives the steps
   * soon after they are recorded.
   *
   * @throws the failure of the run, or an Error when the process ended or ran out of time
   */
  async run(command: RunCommand, onSteps: (steps: LiveStep[]) => void): Promise<ShownReport[]> {
    const child = this.#running();
    clearTimeout(this.#idle);
    const { promise, resolve, reject } = Promise.withResolvers<ShownReport[]>();
    const onMessage = (message: RunMessage) => {
      if ('steps' in message) onSteps(message.steps);
      else if ('reports' in message) resolve(message.reports);
      else reject(message.failure);
    };
    const onEnd = () => reject(new Error('the process of the experiments has ended'));
    const limit = setTimeout(() => {
      reject(new Error(`the run took longer than ${this.limits.runMs} ms`));
      killWithChildren(child);
    }, this.limits.runMs);
    child.on('message', onMessage).once('exit', onEnd).once('error', reject);
    try {
      child.send(command, (error) => error && reject(error));
      return await promise;
    } finally {
      clearTimeout(limit);
      child.off('message', onMessage).off('exit', onEnd).off('error', reject);
      this.#endWhenIdle();
    }
  }

  /** Ends the process: cleanly if it has no run. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#child;
    if (!child) return;
    child.ref();
    const ended = once(child, 'exit');
    disconnect(child);
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
    if (this.#child !== child) return;
    killWithChildren(child);
    await ended;
  }

  #running(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const child = fork(PROGRAM, {
      // A group of its own: Ctrl-C does not reach it, and a kill also ends what it has started.
      detached: true,
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    lowerPriorityOf(child);
    // Neither the process nor its channel keeps the instance from ending.
    child.unref();
    child.channel?.unref();
    const forget = () => {
      if (this.#child === child) this.#child = undefined;
    };
    // The system may refuse to start a process; then the run fails, and the instance goes on.
    child
      .once('exit', forget)
      .once('exit', () => removeLeftFolders())
      .on('error', forget);
    this.#child = child;
    return child;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => disconnect(this.#child), this.limits.idleMs).unref();
  }
}

function lowerPriorityOf({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    lowerPriority(pid);
  } catch {
    // It has ended already, which its run reports.
  }
}

/** The process ends by itself when it has no channel and no run. */
function disconnect(child: ChildProcess | undefined): void {
  if (child?.connected) child.disconnect();
}

/** Windows has no groups of processes. */
function killWithChildren({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
