import type { ShopCustomer } from '../../../src/adapters/http/lab/shop/shop-schemas.js';
import {
  createLockstepClient,
  type LockstepClient,
  type LockstepSchemas,
} from '../../../src/client/lockstep-client.js';
import { ApiError, ConnectionLost, post, problemOf } from '../api.js';

export type Product = LockstepSchemas['Product'];
type PopularWindow = LockstepSchemas['PopularItems']['window'];
export type PopularItems = Pick<LockstepSchemas['PopularItems'], 'items'>;

export const POPULAR_WINDOWS: readonly PopularWindow[] = ['5m', '10m', '1d', '7d'];

/** The share of its life after which a token is replaced. */
const RENEW_SHARE = 0.8;

/** The category of products that the lab uses for itself. The shelf leaves them out. */
const LAB_CATEGORY = 'lab';

const MAX_PRODUCTS = 24;

export interface ShelfItem {
  readonly product: Product;
  /** Units that can be ordered now. */
  readonly available: number;
}

/** The result of a purchase. */
export interface Purchase {
  readonly total: number;
  /** The instance that answered the order. */
  readonly instance: string;
}

/** The page as a customer of the service: it calls the public API, with a token that the lab signs. */
export class ShopAccount {
  #client: Promise<LockstepClient> | undefined;
  #renewAtMs = 0;

  /** The demo catalogue, oldest first, with the units in stock. */
  shelf(): Promise<readonly ShelfItem[]> {
    return this.#as(async (client) => {
      const page = await client.GET('/v1/products', { params: { query: { limit: 100 } } });
      const { items } = expectData(page);
      const shown = items.filter(({ category }) => category !== LAB_CATEGORY);
      return Promise.all(
        shown.slice(0, MAX_PRODUCTS).map(async (product) => {
          const params = { path: { id: product.id } };
          const stock = expectData(await client.GET('/v1/products/{id}/stock', { params }));
          return { product, available: stock.available };
        }),
      );
    });
  }

  balance(): Promise<number> {
    return this.#as(async (client) => expectData(await client.GET('/v1/wallets/me')).balance);
  }

  charge(amount: number): Promise<void> {
    return this.#as(async (client) => {
      const params = { header: { 'Idempotency-Key': newKey() } };
      expectData(await client.POST('/v1/wallets/me/charges', { params, body: { amount } }));
    });
  }

  /** Orders one unit and pays it with points. An order that cannot be paid is cancelled. */
  buy(productId: string): Promise<Purchase> {
    return this.#as(async (client) => {
      const header = { 'Idempotency-Key': newKey() };
      const body = { items: [{ productId, quantity: 1 }] };
      const ordered = await client.POST('/v1/orders', { params: { header }, body });
      const order = expectData(ordered);
      if (!('total' in order)) throw new Error('The order was queued.');
      const params = { path: { id: order.id } };
      const paid = await client.POST('/v1/orders/{id}/payments', {
        params,
        body: { method: 'points' },
      });
      if (paid.error) await client.POST('/v1/orders/{id}/cancellations', { params });
      expectData(paid);
      return { total: order.total, instance: ordered.response.headers.get('x-instance') ?? '' };
    });
  }

  popular(window: PopularWindow): Promise<PopularItems> {
    const query = { window, limit: 5 };
    return this.#as(async (client) =>
      expectData(await client.GET('/v1/products/popular', { params: { query } })),
    );
  }

  /** @throws ConnectionLost */
  async #as<Result>(
    request: (client: LockstepClient) => Promise<Result>,
    isAgain = false,
  ): Promise<Result> {
    const client = await this.#signedIn();
    try {
      return await request(client);
    } catch (error) {
      // `fetch` throws it when there is no answer.
      if (error instanceof TypeError) throw new ConnectionLost();
      if (isAgain || !(error instanceof ApiError) || error.status !== 401) throw error;
      // The token has ended while the machine slept. Nothing was changed, so a new token may try again.
      this.#renewAtMs = 0;
      return this.#as(request, true);
    }
  }

  #signedIn(): Promise<LockstepClient> {
    if (!this.#client || performance.now() > this.#renewAtMs) {
      this.#renewAtMs = Number.POSITIVE_INFINITY;
      this.#client = this.#signIn();
      // The next call tries again.
      this.#client.catch(() => {
        this.#client = undefined;
      });
    }
    return this.#client;
  }

  async #signIn(): Promise<LockstepClient> {
    const { token, lifeMs } = (await (await post('/lab/shop/customer', {})).json()) as ShopCustomer;
    this.#renewAtMs = performance.now() + RENEW_SHARE * lifeMs;
    return createLockstepClient({ baseUrl: location.origin, token });
  }
}

/** @throws ApiError */
function expectData<Data>(answer: {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}): Data {
  if (answer.data !== undefined) return answer.data;
  throw problemOf(answer.response.status, answer.error);
}

/** `crypto.randomUUID` exists only on pages from this machine or over TLS. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}
