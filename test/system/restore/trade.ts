import type { OrderSent } from '../../../tools/invariants/shop-state.js';
import type { LoadShop } from '../../../tools/load/prepare-shop.js';
import { ApiClient } from '../../support/api-client.js';
import { orderOf } from '../../support/shop.js';
import { Customers, type CustomersSeen } from '../../support/traffic/customers.js';
import { FixedRate, RequestLog, type RequestSeen } from '../../support/traffic/request-log.js';
import { TrafficThroughNginx } from '../faults/behind-nginx/traffic.js';

/** Per second, of each kind; low, because on a busy machine a trade takes longer. */
const RATE = 4;

export interface Traded {
  readonly requests: readonly RequestSeen[];
  readonly orders: readonly OrderSent[];
  readonly customers: CustomersSeen;
  /** Orders with a key that were never acknowledged. */
  readonly unsettled: readonly string[];
}

/**
 * Reads, orders, payments and cancellations through one instance; charges and orders through the queue by
 * the other.
 */
export class Trade implements Disposable {
  readonly #traffic: TrafficThroughNginx;
  readonly #customers: Customers;
  readonly #cancellations: Cancellations;

  /** @param run part of the idempotency keys: another one for each trade in the same shop */
  constructor(shop: LoadShop, run: string, [first, second]: readonly [string, string]) {
    const trading = { ...shop, run: `${shop.run}-${run}` };
    this.#traffic = new TrafficThroughNginx(
      { ...trading, url: first },
      { reads: 2 * RATE, orders: RATE },
    );
    this.#customers = new Customers(
      { ...trading, url: second },
      { charges: RATE, cardPayments: 0, queuedOrders: RATE },
    );
    this.#cancellations = new Cancellations({ ...trading, url: first });
  }

  /** Sends nothing more, and waits for nothing. */
  [Symbol.dispose](): void {
    for (const part of [this.#traffic, this.#customers, this.#cancellations])
      part[Symbol.dispose]();
  }

  /** Sends no new request, and resolves when all are answered and settled. */
  async stop(): Promise<Traded> {
    const [traffic, customers, cancelled] = await Promise.all([
      this.#traffic.stop(),
      this.#customers.stop(),
      this.#cancellations.stop(),
    ]);
    return {
      requests: [...traffic.requests, ...customers.log.requests, ...cancelled.requests],
      orders: [...traffic.orders, ...customers.orders, ...cancelled.orders],
      customers,
      unsettled: traffic.unsettled,
    };
  }
}

/** Customers who order and cancel; every other one pays before. */
class Cancellations implements Disposable {
  readonly #log = new RequestLog();
  readonly #orders: OrderSent[] = [];
  readonly #stream = new FixedRate(RATE / 2, (number) => this.#cancel(number));

  constructor(private readonly shop: LoadShop) {}

  async stop() {
    await this.#stream.stop();
    return { requests: this.#log.requests, orders: this.#orders };
  }

  [Symbol.dispose](): void {
    this.#stream[Symbol.dispose]();
  }

  async #cancel(number: number): Promise<void> {
    const { customers, products, run, url } = this.shop;
    const { userId = '', token = '' } = customers[number % customers.length] ?? {};
    const client = new ApiClient(url, token);
    const key = `${run}-cancel-${number}`;
    const productId = [...products.keys()][number % products.size] ?? '';
    const post = (
      kind: RequestSeen['kind'],
      path: string,
      body: object | undefined,
      part: string,
    ) =>
      this.#log.seen(kind, () => client.post(path, body, { 'Idempotency-Key': `${key}${part}` }));
    const { status, body } = await post('keyed order', '/v1/orders', orderOf(productId), '');
    const orderId = status === 201 ? (body.id as string) : undefined;
    this.#orders.push({ userId, key, status, orderId });
    if (!orderId) return;
    const path = `/v1/orders/${orderId}`;
    if (number % 2) await post('payment', `${path}/payments`, { method: 'points' }, '-pay');
    await post('cancellation', `${path}/cancellations`, undefined, '-undo');
  }
}
