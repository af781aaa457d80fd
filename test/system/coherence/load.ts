import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import type { Observations } from './observations.js';
import type { ProductClient } from './product-client.js';
import { oneOf } from './random.js';

export interface LoadSettings {
  readonly readers: number;
  readonly writers: number;
  /** Longest pause between two requests of one client, in milliseconds. The pause is random. */
  readonly readEveryMs: number;
  readonly writeEveryMs: number;
}

/** The number of products that get most writes. The others change rarely. */
const HOT = 3;

/** Readers and writers of products through every instance, until they are stopped. */
export class Load {
  #stopped = false;
  readonly #ended: Promise<unknown>;

  constructor(
    private readonly fleet: Fleet,
    private readonly client: ProductClient,
    private readonly products: readonly string[],
    private readonly observations: Observations,
    private readonly random: () => number,
    settings: LoadSettings,
  ) {
    const { readers, readEveryMs, writers, writeEveryMs } = settings;
    this.#ended = Promise.all([
      ...Array.from({ length: readers }, () => this.#repeat(readEveryMs, () => this.#read())),
      ...Array.from({ length: writers }, () => this.#repeat(writeEveryMs, () => this.#write())),
    ]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #repeat(everyMs: number, once: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      await pause(this.random() * everyMs);
      await once();
    }
  }

  async #read(): Promise<void> {
    const instance = Math.floor(this.random() * this.fleet.size);
    const resource = oneOf(this.products, this.random);
    const beganMs = performance.now();
    const answer = await this.client
      .read(this.fleet.urls[instance] ?? '', resource)
      .catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    const endedMs = performance.now();
    if (typeof answer === 'string' || answer.version === undefined) {
      const reason = typeof answer === 'string' ? answer : String(answer.status);
      this.observations.failedReads.push({ beganMs, reason });
      return;
    }
    const { version, cache = '' } = answer;
    this.observations.reads.push({ resource, version, beganMs, endedMs, instance, cache });
  }

  async #write(): Promise<void> {
    const hot = this.random() < 0.75;
    const resource = oneOf(hot ? this.products.slice(0, HOT) : this.products, this.random);
    const price = 1 + Math.floor(this.random() * 1_000_000);
    const beganMs = performance.now();
    const answer = await this.client
      .changePrice(oneOf(this.fleet.urls, this.random), resource, price)
      .catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    const atMs = performance.now();
    if (typeof answer === 'string') this.observations.unknown.push({ beganMs, reason: answer });
    else if (answer.version === undefined) {
      this.observations.unknown.push({ beganMs, reason: String(answer.status) });
    } else this.observations.writes.push({ resource, version: answer.version, atMs });
  }
}
