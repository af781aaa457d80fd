import type { OrderSent, PaymentSent } from '../../../../tools/invariants/shop-state.js';
import type { LoadShop } from '../../../../tools/load/prepare-shop.js';
import { ApiClient } from '../../../support/api-client.js';
import { orderOf } from '../../../support/shop.js';
import {
  Backoff,
  FixedRate,
  RequestLog,
  type RequestSeen,
} from '../../../support/traffic/request-log.js';

export interface Rates {
  readonly reads: number;
  readonly orders: number;
}

export interface Traffic {
  /** Every attempt. */
  readonly requests: readonly RequestSeen[];
  readonly orders: readonly OrderSent[];
  readonly payments: readonly PaymentSent[];
  /** Orders with a key that got no 201, although they were repeated. */
  readonly unsettled: readonly string[];
}

/** The last wait for orders without an answer, after no new request is sent. */
const LAST_TIMEOUT_MS = 20_000;

/**
 * Reads and orders at a fixed rate, whether or not earlier ones were answered. Every other order
 * has a key and is repeated with it until it is answered; the others are sent once. Every other
 * acknowledged order is paid.
 */
export class TrafficThroughNginx implements Disposable {
  readonly #log = new RequestLog();
  readonly #orders: OrderSent[] = [];
  readonly #payments: PaymentSent[] = [];
  readonly #unsettled: string[] = [];
  readonly #streams: readonly FixedRate[];
  #givesUpAt = Number.POSITIVE_INFINITY;
  readonly #clients: readonly ApiClient[];
  readonly #products: readonly string[];

  constructor(
    private readonly shop: LoadShop,
    rates: Rates,
  ) {
    this.#clients = shop.customers.map(({ token }) => new ApiClient(shop.url, token));
    this.#products = [...shop.products.keys()];
    this.#streams = [
      new FixedRate(rates.reads, (number) => this.#read(number)),
      new FixedRate(rates.orders, (number) => this.#order(number)),
    ];
  }

  /** Sends no new request, and resolves when all are settled. */
  async stop(): Promise<Traffic> {
    this.#givesUpAt = performance.now() + LAST_TIMEOUT_MS;
    await Promise.all(this.#streams.map((stream) => stream.stop()));
    return {
      requests: this.#log.requests,
      orders: this.#orders,
      payments: this.#payments,
      unsettled: this.#unsettled,
    };
  }

  /** Sends nothing more, and waits for nothing. */
  [Symbol.dispose](): void {
    this.#givesUpAt = 0;
    for (const stream of this.#streams) stream[Symbol.dispose]();
  }

  async #read(number: number): Promise<void> {
    const id = this.#products[number % this.#products.length];
    const path = number % 3 ? `/v1/products/${id}` : `/v1/products/${id}/stock`;
    await this.#log.seen('read', () => this.#client(number).get(path));
  }

  async #order(number: number): Promise<void> {
    const isKeyed = number % 2 === 0;
    const key = `${this.shop.run}-${number}`;
    const productId = this.#products[number % this.#products.length] ?? '';
    const backoff = new Backoff(500, 4_000);
    while (performance.now() < this.#givesUpAt) {
      const headers: Record<string, string> = isKeyed ? { 'Idempotency-Key': key } : {};
      const { status, body } = await this.#log.seen(isKeyed ? 'keyed order' : 'order', () =>
        this.#client(number).post('/v1/orders', orderOf(productId), headers),
      );
      const { userId = '' } = this.#customer(number) ?? {};
      const orderId = status === 201 ? (body.id as string) : undefined;
      this.#orders.push({ userId, key, status, orderId });
      if (orderId && number % 4 < 2) await this.#pay(number, orderId);
      if (orderId || !isKeyed) return;
      await backoff.wait();
    }
    this.#unsettled.push(key);
  }

  async #pay(number: number, orderId: string): Promise<void> {
    const key = { 'Idempotency-Key': `${this.shop.run}-pay-${number}` };
    const { status } = await this.#log.seen('payment', () =>
      this.#client(number).post(`/v1/orders/${orderId}/payments`, { method: 'points' }, key),
    );
    const { userId = '' } = this.#customer(number) ?? {};
    this.#payments.push({ userId, orderId, status });
  }

  #customer(number: number) {
    return this.shop.customers[number % this.shop.customers.length];
  }

  #client(number: number): ApiClient {
    return this.#clients[number % this.#clients.length] as ApiClient;
  }
}
