import { Worker } from './worker.js';

/** The processes of all contestants. Each is started when it is first needed. */
export class Workers implements AsyncDisposable {
  readonly #workers = new Map<string, Worker>();

  /** Returns `count` processes that have only run the contestants named by `players`. */
  for(players: string, count: number): Worker[] {
    return Array.from({ length: count }, (_, index) => this.#get(`${players} ${index}`));
  }

  /** Ends all processes. V8 may compile a new process differently, so results cover more than one case. */
  async renew(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()));
    this.#workers.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.renew();
  }

  #get(name: string): Worker {
    const known = this.#workers.get(name);
    if (known?.isAlive) return known;
    const worker = new Worker();
    this.#workers.set(name, worker);
    return worker;
  }
}
