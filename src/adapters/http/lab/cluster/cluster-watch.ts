import { setTimeout as pause } from 'node:timers/promises';
import { productKey } from '../../../../domain/resource-keys.js';
import { SNAPSHOT_EVERY_MS } from './cluster-bounds.js';
import { ClusterObservations } from './cluster-observations.js';
import type { ClusterSnapshot, ShownInstance } from './cluster-schemas.js';
import type { InstanceClient } from './instance-client.js';

/** Pause after a read through an instance, in milliseconds. */
const READ_EVERY_MS = 100;
/** Pause after a question for the state of an instance, in milliseconds. */
const ASK_EVERY_MS = 1_000;

interface Watched {
  readonly instances: readonly InstanceClient[];
  readonly product: ClusterSnapshot['product'];
  /** Name of this instance. */
  readonly self: string;
  /** The staleness bound, in milliseconds. */
  readonly boundMs: number;
}

/**
 * Reads one product through every instance, several times a second, while somebody looks. All who look see
 * the same reads.
 */
export class ClusterWatch {
  readonly #observations: ClusterObservations;
  readonly #states: ShownInstance['state'][] = [];
  readonly #closed = new AbortController();
  #viewers = 0;
  #stopReading = new AbortController();

  constructor(private readonly watched: Watched) {
    const { instances, product, boundMs } = watched;
    this.#observations = new ClusterObservations(instances.length, productKey(product.id), boundMs);
  }

  /** Ends when the instance stops. */
  async *snapshots(): AsyncGenerator<ClusterSnapshot> {
    this.#enter();
    try {
      while (!this.#closed.signal.aborted) {
        yield this.#snapshot();
        await rest(SNAPSHOT_EVERY_MS, this.#closed.signal);
      }
    } finally {
      this.#leave();
    }
  }

  /** @throws HttpProblem the instance refused, or did not answer */
  async changePrice(index: number, price: number): Promise<void> {
    const changed = await this.#instance(index).changePrice(this.watched.product.id, price);
    this.#observations.changed(changed.price, changed.version, performance.now());
  }

  /** Asks an instance for its state; without an answer the last known state stays. */
  async refresh(index: number): Promise<void> {
    const state = this.#instance(index).state();
    this.#states[index] = await state.catch(() => this.#states[index]);
  }

  close(): void {
    this.#closed.abort();
    this.#stopReading.abort();
  }

  #instance(index: number): InstanceClient {
    const instance = this.watched.instances[index];
    if (!instance) throw new Error(`there is no instance ${index}`);
    return instance;
  }

  #enter(): void {
    this.#viewers += 1;
    if (this.#viewers > 1) return;
    this.#stopReading = new AbortController();
    const { signal } = this.#stopReading;
    for (const index of this.watched.instances.keys()) {
      void repeat(() => this.#read(index), READ_EVERY_MS, signal);
      void repeat(() => this.refresh(index), ASK_EVERY_MS, signal);
    }
  }

  #leave(): void {
    this.#viewers -= 1;
    if (this.#viewers === 0) this.#stopReading.abort();
  }

  async #read(index: number): Promise<void> {
    const beganMs = performance.now();
    try {
      const answer = await this.#instance(index).readProduct(this.watched.product.id);
      this.#observations.answered(index, { ...answer, beganMs, endedMs: performance.now() });
    } catch {
      this.#observations.notAnswered(index, beganMs);
    }
  }

  #snapshot(): ClusterSnapshot {
    const { instances, ...shown } = this.watched;
    const nowMs = performance.now();
    return {
      ...shown,
      change: this.#observations.change,
      instances: instances.map(({ url }, index) => ({
        number: index + 1,
        url,
        ...this.#observations.shown(index, nowMs),
        state: this.#states[index],
      })),
    };
  }
}

/** `work` must not reject. */
async function repeat(work: () => Promise<void>, everyMs: number, signal: AbortSignal) {
  while (!signal.aborted) {
    await work();
    await rest(everyMs, signal);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return pause(ms, undefined, { signal, ref: false }).catch(() => {});
}
