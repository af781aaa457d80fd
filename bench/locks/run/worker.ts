import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ProcessLog } from './section-log.js';
import type { WorkerNews, WorkerOrder } from './worker-process.js';

const program = path.join(import.meta.dirname, 'worker-process.js');
const WAIT_TIMEOUT_MS = 10_000;
/** Time for the waiters of a stopped process to end. A process that takes longer is killed. */
const DRAIN_MS = 100;

/** A process that runs waiters. It is used for several measurements, so that its code is warm. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #heard = new Set<WorkerNews['news']>();
  #log: ProcessLog | undefined;

  constructor() {
    this.#child = fork(program, { serialization: 'advanced' });
    this.#child.on('message', (message) => {
      const news = message as WorkerNews;
      if (news.news === 'log') this.#log = news.log;
      this.#heard.add(news.news);
    });
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null;
  }

  async open(order: Omit<Extract<WorkerOrder, { order: 'open' }>, 'order'>): Promise<void> {
    if (!(await this.#hears('started', WAIT_TIMEOUT_MS)))
      throw new Error('a process of waiters did not start');
    this.#heard.clear();
    this.#heard.add('started');
    this.#tell({ order: 'open', ...order });
    if (!(await this.#hears('open', WAIT_TIMEOUT_MS))) {
      throw new Error(`${order.contestant} did not connect to Redis`);
    }
  }

  go(): void {
    this.#tell({ order: 'go' });
  }

  /** Whether every waiter has ended within `ms` milliseconds. */
  isDone(ms: number): Promise<boolean> {
    return this.#hears('done', ms);
  }

  async stop(): Promise<ProcessLog> {
    this.#tell({ order: 'stop' });
    const isThere = await this.#hears('log', WAIT_TIMEOUT_MS);
    if (!isThere || !this.#log) throw new Error('a process of waiters did not return its log');
    if (!(await this.#hears('idle', DRAIN_MS))) await this.close();
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

  async #hears(news: WorkerNews['news'], withinMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(withinMs);
    try {
      while (!this.#heard.has(news)) await once(this.#child, 'message', { signal });
      return true;
    } catch {
      return this.#heard.has(news);
    }
  }
}
