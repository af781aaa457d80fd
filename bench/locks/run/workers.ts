import { Worker } from './worker.js';

/** The processes of every contestant, begun when they are first needed. */
export class Workers implements AsyncDisposable {
  readonly #workers = new Map<string, Worker>();

  /** `count` processes that have played for nobody but these players. */
  for(players: string, count: number): Worker[] {
    return Array.from({ length: count }, (_, index) => this.#get(`${players} ${index}`));
  }

  /** Ends them all: those that follow may be compiled and laid out differently. */
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
