import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderSent } from '../../../../tools/invariants/shop-state.js';
import type { LoadShop } from '../../../../tools/load/prepare-shop.js';
import { ApiClient } from '../../../support/api-client.js';
import { orderOf } from '../../../support/shop.js';

/** One request as its client saw it; times are `performance.now()`. */
export interface RequestSeen {
  readonly kind: 'read' | 'order' | 'keyed order' | 'payment';
  readonly sentAt: number;
  readonly settledAt: number;
  /** 0 without an answer. */
  readonly status: number;
  readonly code?: string | undefined;
  /** The instance that failed, or nginx when no instance answered. */
  readonly failedAt?: string | undefined;
}

export interface Rates {
  readonly reads: number;
  readonly orders: number;
}

export interface Traffic {
  /** Every attempt. */
  readonly requests: readonly RequestSeen[];
  readonly orders: readonly OrderSent[];
  /** Orders with a key that got no 201, although they were repeated. */
  readonly unsettled: readonly string[];
}

const TICK_MS = 10;
/** The last wait for orders without an answer, after no new request is sent. */
const LAST_TIMEOUT_MS = 20_000;

/**
 * Reads and orders at a fixed rate, whether or not earlier ones were answered. Every other order
 * has a key and is repeated with it until it is answered; the others are sent once. Every other
 * acknowledged order is paid.
 */
export class TrafficThroughNginx {
  readonly #requests: RequestSeen[] = [];
  readonly #orders: OrderSent[] = [];
  readonly #unsettled: string[] = [];
  readonly #pending: Promise<void>[] = [];
  #givesUpAt = Number.POSITIVE_INFINITY;
  readonly #timer: NodeJS.Timeout;
  readonly #clients: readonly ApiClient[];
  readonly #products: readonly string[];

  constructor(
    private readonly shop: LoadShop,
    rates: Rates,
  ) {
    this.#clients = shop.customers.map(({ token }) => new ApiClient(shop.url, token));
    this.#products = [...shop.products.keys()];
    const begun = performance.now();
    let reads = 0;
    let orders = 0;
    this.#timer = setInterval(() => {
      const seconds = (performance.now() - begun) / 1_000;
      // A late tick also sends the requests that it missed.
      while (reads < seconds * rates.reads) this.#pending.push(this.#read(reads++));
      while (orders < seconds * rates.orders) this.#pending.push(this.#order(orders++));
    }, TICK_MS);
  }

  /** Sends no new request, and resolves when all are settled. */
  async stop(): Promise<Traffic> {
    clearInterval(this.#timer);
    this.#givesUpAt = performance.now() + LAST_TIMEOUT_MS;
    await Promise.all(this.#pending);
    return { requests: this.#requests, orders: this.#orders, unsettled: this.#unsettled };
  }

  async #read(number: number): Promise<void> {
    const id = this.#products[number % this.#products.length];
    const path = number % 3 ? `/v1/products/${id}` : `/v1/products/${id}/stock`;
    await this.#seen('read', () => this.#client(number).get(path));
  }

  async #order(number: number): Promise<void> {
    const isKeyed = number % 2 === 0;
    const key = `${this.shop.run}-${number}`;
    const productId = this.#products[number % this.#products.length] ?? '';
    while (performance.now() < this.#givesUpAt) {
      const headers: Record<string, string> = isKeyed ? { 'Idempotency-Key': key } : {};
      const { status, body } = await this.#seen(isKeyed ? 'keyed order' : 'order', () =>
        this.#client(number).post('/v1/orders', orderOf(productId), headers),
      );
      const { userId = '' } = this.shop.customers[number % this.#clients.length] ?? {};
      const orderId = status === 201 ? (body.id as string) : undefined;
      this.#orders.push({ userId, key, status, orderId });
      if (orderId && number % 4 < 2) await this.#pay(number, orderId);
      if (orderId || !isKeyed) return;
      await sleep(200 + 300 * Math.random());
    }
    this.#unsettled.push(key);
  }

  async #pay(number: number, orderId: string): Promise<void> {
    const key = { 'Idempotency-Key': `${this.shop.run}-pay-${number}` };
    await this.#seen('payment', () =>
      this.#client(number).post(`/v1/orders/${orderId}/payments`, { method: 'points' }, key),
    );
  }

  async #seen(kind: RequestSeen['kind'], send: () => ReturnType<ApiClient['get']>) {
    const sentAt = performance.now();
    const nobody = { status: 0, body: undefined, headers: new Headers() };
    const answer = await send().catch(() => nobody);
    const settledAt = performance.now();
    const { status, body, headers } = answer;
    const code = status >= 400 ? String(body?.code) : undefined;
    const failedAt = status >= 500 ? (headers.get('x-instance') ?? 'nginx') : undefined;
    this.#requests.push({ kind, sentAt, settledAt, status, code, failedAt });
    return answer;
  }

  #client(number: number): ApiClient {
    return this.#clients[number % this.#clients.length] as ApiClient;
  }
}
