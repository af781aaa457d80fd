import type { ApiClient } from '../../../support/api-client.js';
import { orderOf } from '../../../support/shop.js';
import { nowMs } from '../fuzz/event-log.js';

/** One order as its client saw it; times are `nowMs()`. */
export interface OrderSeen {
  readonly sentAt: number;
  readonly settledAt: number;
  /** 0 without an answer. */
  readonly status: number;
}

/**
 * Orders at a fixed rate, whether or not earlier ones were answered: clients do not slow down with
 * the service.
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
      // A late tick also sends the orders that it missed.
      while (this.#orders.length * everyMs <= nowMs() - begun) this.#orders.push(this.#send());
    }, everyMs);
  }

  /** Sends no more orders, and resolves when all have ended. */
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
