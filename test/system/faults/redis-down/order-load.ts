import type { ApiClient } from '../../../support/api-client.js';
import { orderOf } from '../../../support/shop.js';
import { nowMs } from '../fuzz/event-log.js';

/** One order as its client saw it; times are `nowMs()`. */
export interface OrderSeen {
  readonly sentAt: number;
  readonly settledAt: number;
  /** 0 when there was no answer at all. */
  readonly status: number;
}

/**
 * Orders at a fixed rate, whether or not earlier ones were answered: clients do not slow down
 * because the service does.
 */
export class OrderLoad {
  readonly #orders: Promise<OrderSeen>[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly clients: readonly ApiClient[],
    private readonly productId: string,
    everyMs: number,
  ) {
    const begun = nowMs();
    this.#timer = setInterval(() => {
      // A tick that came late makes up for those it missed.
      while (this.#orders.length * everyMs <= nowMs() - begun) this.#orders.push(this.#send());
    }, everyMs);
  }

  /** Sends no more, and answers once all are settled. */
  stop(): Promise<readonly OrderSeen[]> {
    clearInterval(this.#timer);
    return Promise.all(this.#orders);
  }

  async #send(): Promise<OrderSeen> {
    const client = this.clients[this.#orders.length % this.clients.length];
    const sentAt = nowMs();
    const answer = await client?.post('/v1/orders', orderOf(this.productId)).catch(() => undefined);
    return { sentAt, settledAt: nowMs(), status: answer?.status ?? 0 };
  }
}
