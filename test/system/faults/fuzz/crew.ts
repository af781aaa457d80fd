import path from 'node:path';
import type { Env } from '../../../support/backends.js';
import type { Random } from '../support/random.js';
import type { FuzzOrder } from './fuzz-process.js';
import type { ProcessRecord } from './fuzz-record.js';
import { FuzzWorker } from './fuzz-worker.js';

/** The processes of a fuzz run. A killed one is replaced. */
export class Crew {
  readonly #all: FuzzWorker[] = [];
  #running: FuzzWorker[] = [];
  #started = 0;

  constructor(
    private readonly env: Env,
    private readonly folder: string,
    private readonly order: Omit<FuzzOrder, 'log' | 'seed'>,
    private readonly random: Random,
  ) {}

  async start(processes: number): Promise<void> {
    await Promise.all(Array.from({ length: processes }, () => this.#startOne()));
  }

  /** Kills one process at any point of its work, and starts another one. */
  async replaceOne(random: Random): Promise<void> {
    const victim = random.pick(this.#running);
    this.#running = this.#running.filter((worker) => worker !== victim);
    await victim.kill();
    await this.#startOne();
  }

  async pauseOne(random: Random, sleep: () => Promise<void>): Promise<void> {
    await random.pick(this.#running).pause(sleep);
  }

  async stop(timeoutMs: number): Promise<readonly ProcessRecord[]> {
    await Promise.all(this.#running.map((worker) => worker.stop(timeoutMs)));
    return this.#all.map((worker) => worker.record());
  }

  /** For a fuzz run that could not be finished. */
  async kill(): Promise<void> {
    await Promise.all(this.#running.map((worker) => worker.kill()));
  }

  async #startOne(): Promise<void> {
    this.#started += 1;
    const name = String(this.#started);
    const log = path.join(this.folder, `${name}.jsonl`);
    const order = { ...this.order, log, seed: this.random.seed() };
    const worker = await FuzzWorker.start(name, this.env, order);
    this.#all.push(worker);
    this.#running.push(worker);
  }
}
