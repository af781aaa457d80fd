import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ProcessLog } from './section-log.js';
import type { WorkerEvent, WorkerOrder } from './worker-process.js';

const program = path.join(import.meta.dirname, 'worker-process.js');
const WAIT_TIMEOUT_MS = 10_000;
/** Time for the waiters of a stopped process to end. A process that takes longer is killed. */
const DRAIN_MS = 100;

/** A process that runs waiters. It is used for several measurements, so that its code is warm. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #received = new Set<WorkerEvent['event']>();
  #log: ProcessLog | undefined;

  constructor() {
    this.#child = fork(program, { serialization: 'advanced' });
    this.#child.on('message', (message) => {
      const received = message as WorkerEvent;
      if (received.event === 'log') this.#log = received.log;
      this.#received.add(received.event);
    });
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null;
  }

  async open(order: Omit<Extract<WorkerOrder, { order: 'open' }>, 'order'>): Promise<void> {
    if (!(await this.#receives('started', WAIT_TIMEOUT_MS)))
      throw new Error('a process of waiters did not start');
    this.#received.clear();
    this.#received.add('started');
    this.#tell({ order: 'open', ...order });
    if (!(await this.#receives('open', WAIT_TIMEOUT_MS))) {
      throw new Error(`${order.contestant} did not connect to Redis`);
    }
  }

  go(): void {
    this.#tell({ order: 'go' });
  }

  /** Whether every waiter has ended within `ms` milliseconds. */
  isDone(ms: number): Promise<boolean> {
    return this.#receives('done', ms);
  }

  async stop(): Promise<ProcessLog> {
    this.#tell({ order: 'stop' });
    const isThere = await this.#receives('log', WAIT_TIMEOUT_MS);
    if (!isThere || !this.#log) throw new Error('a process of waiters did not return its log');
    if (!(await this.#receives('idle', DRAIN_MS))) await this.close();
    return this.#log;
  }

  async close(): Promise<void> {
    if (!this.isAlive) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #tell(order: WorkerOrder): void {
    this.#child.send(order);
  }

  async #receives(event: WorkerEvent['event'], withinMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(withinMs);
    try {
      while (!this.#received.has(event)) await once(this.#child, 'message', { signal });
      return true;
    } catch {
      return this.#received.has(event);
    }
  }
}
