import { HttpProblem } from '../../responses/problem.js';
import type { ClusterAvailability } from './cluster-schemas.js';
import { ClusterWatch } from './cluster-watch.js';
import type { InstanceClient } from './instance-client.js';

interface PanelParts extends ClusterAvailability {
  /** Empty where the panel lacks something. */
  readonly instances: readonly InstanceClient[];
  /** Name of this instance. */
  readonly self: string;
  /** The staleness bound, in milliseconds. */
  readonly boundMs: number;
}

/**
 * Shows the instances of a cluster side by side, and passes commands to each of them. Instances are named by
 * their number in the list of addresses, from 1.
 */
export class ClusterPanel {
  #watch: Promise<ClusterWatch> | undefined;

  constructor(private readonly parts: PanelParts) {}

  get availability(): ClusterAvailability {
    return { lacks: this.parts.lacks };
  }

  /**
   * Finds the product of the panel, or creates it.
   * @throws HttpProblem the panel lacks something, or no instance answers
   */
  async watch(): Promise<ClusterWatch> {
    if (this.parts.lacks) throw new HttpProblem('not_found', 'This instance knows no cluster.');
    this.#watch ??= this.#open();
    try {
      return await this.#watch;
    } catch (error) {
      // The next caller tries again.
      this.#watch = undefined;
      throw error;
    }
  }

  /** @throws HttpProblem the instance does not exist, refused, or did not answer */
  async changePrice(number: number, price: number): Promise<void> {
    const index = this.#indexOf(number);
    await (await this.watch()).changePrice(index, price);
  }

  /** @throws HttpProblem the same */
  async cutBus(number: number, forMs: number): Promise<void> {
    const index = this.#indexOf(number);
    await this.parts.instances[index]?.cutBus(forMs);
    await (await this.watch()).refresh(index);
  }

  /** @throws HttpProblem the same */
  async pause(number: number): Promise<void> {
    await this.parts.instances[this.#indexOf(number)]?.pause();
  }

  /** Ends what is streamed. */
  async close(): Promise<void> {
    const watch = await this.#watch?.catch(() => undefined);
    watch?.close();
  }

  #indexOf(number: number): number {
    if (this.parts.instances[number - 1]) return number - 1;
    throw new HttpProblem('not_found', `There is no instance ${number}.`);
  }

  async #open(): Promise<ClusterWatch> {
    const { instances, self, boundMs } = this.parts;
    let failure: unknown;
    for (const instance of instances) {
      try {
        const { id, sku, name } = await instance.labProduct();
        return new ClusterWatch({ instances, self, boundMs, product: { id, sku, name } });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}
