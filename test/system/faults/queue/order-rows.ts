import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../../support/api-client.js';
import type { Env } from '../../../support/backends.js';
import { orderOf } from '../../../support/shop.js';

export interface Accepted {
  readonly id: string;
  readonly path: string;
}

export interface RowsPlan {
  readonly products: readonly string[];
  readonly ordersEach: number;
  /**
   * Half of the customers use the first instance only. The others change between all instances, as
   * behind a proxy.
   */
  readonly urls: readonly string[];
  readonly env: Env;
}

/**
 * One customer for each product, who waits for each answer, so the order of arrival is known. When
 * this is disposed, all customers leave.
 */
export class OrderRows implements Disposable {
  readonly accepted: ReadonlyMap<string, Accepted[]>;
  readonly over: Promise<unknown>;
  #count = 0;
  #allowed = 0;
  #isOver = false;

  constructor(private readonly plan: RowsPlan) {
    this.accepted = new Map(plan.products.map((id) => [id, []]));
    const [first = ''] = plan.urls;
    const rows = plan.products.map((id, i) => this.#row(id, i % 2 ? [first] : plan.urls));
    this.over = Promise.all(rows);
    // A failure is reported where it is awaited. Then the other promises are not awaited.
    this.over.catch(() => this[Symbol.dispose]());
  }

  get count(): number {
    return this.#count;
  }

  /** Lets customers continue until this many requests are accepted. */
  async goOnTo(count: number): Promise<void> {
    this.#allowed = count;
    const arrived = async () => {
      while (this.#count < count && !this.#isOver) await sleep(20);
    };
    await Promise.race([arrived(), this.over]);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
  }

  /** After an instance without an answer, the next one is used. */
  async #row(productId: string, urls: readonly string[]): Promise<void> {
    const { env, ordersEach } = this.plan;
    const clients = await Promise.all(urls.map((url) => ApiClient.of(url, env, 'queue')));
    const row = this.accepted.get(productId);
    for (let turn = 0; row && row.length < ordersEach && !this.#isOver; turn++) {
      if (this.#count >= this.#allowed) {
        await sleep(20);
        continue;
      }
      // The key makes a repeat safe, because nobody knows whether a killed instance accepted the
      // request.
      const headers = {
        Prefer: 'respond-async',
        'Idempotency-Key': `${productId}-${row.length}`,
      };
      const answer = await clients[turn % clients.length]
        ?.post('/v1/orders', orderOf(productId), headers)
        .catch(() => undefined);
      if (answer?.status !== 202) continue;
      row.push({ id: answer.body.id, path: answer.headers.get('location') ?? '' });
      this.#count += 1;
    }
  }
}
