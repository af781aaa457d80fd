import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { inheritedEnvironment } from '../../../../tools/servers/processes/inherited-environment.js';
import { watchdog } from '../../../../tools/servers/processes/watchdog.js';
import type { Env } from '../../../support/backends.js';
import { bundled } from '../../../support/bundled.js';
import { nowMs, readEvents } from './event-log.js';
import type { FuzzOrder } from './fuzz-process.js';
import type { ProcessRecord, Span } from './fuzz-record.js';

const PROGRAM = bundled(new URL('./fuzz-process.js', import.meta.url));

/** A process of the fuzz run, as its parent sees it. */
export class FuzzWorker {
  readonly #pauses: Span[] = [];
  readonly #exit: Promise<string>;
  #wasKilled = false;
  #ending = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {
    if (child.pid) watchdog.claim({ pid: child.pid });
    this.#exit = once(child, 'exit').then(([code, signal]) => {
      if (child.pid) watchdog.giveUp({ pid: child.pid });
      this.#ending ||= String(signal ?? code);
      return this.#ending;
    });
  }

  /** Resolves when its waiters work. */
  static async start(name: string, env: Env, order: FuzzOrder): Promise<FuzzWorker> {
    const child = fork(PROGRAM, [JSON.stringify(order)], {
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker = new FuzzWorker(name, child, order.log);
    const ready = once(child, 'message');
    const ended = worker.#exit.then((ending) => {
      throw new Error(`process ${name} ended before it worked, with ${ending}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    return worker;
  }

  async kill(): Promise<void> {
    this.#wasKilled = true;
    this.child.kill('SIGKILL');
    await this.#exit;
  }

  /** Stops it for some time, like a long garbage collection or a sleeping machine. */
  async pause(sleep: () => Promise<void>): Promise<void> {
    const from = nowMs();
    this.child.kill('SIGSTOP');
    try {
      await sleep();
    } finally {
      this.child.kill('SIGCONT');
      this.#pauses.push({ from, to: nowMs() });
    }
  }

  /** Waits until its waiters have ended. A process that takes longer than `timeoutMs` is stuck. */
  async stop(timeoutMs: number): Promise<void> {
    const isStuck = setTimeout(() => {
      this.#ending = 'stuck';
      this.child.kill('SIGKILL');
    }, timeoutMs);
    if (this.child.connected) this.child.send('stop');
    await this.#exit;
    clearTimeout(isStuck);
  }

  record(): ProcessRecord {
    return {
      name: this.name,
      events: readEvents(this.log),
      wasKilled: this.#wasKilled,
      ending: this.#ending,
      pauses: this.#pauses,
    };
  }
}
