import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { CacheSource } from '../../../../domain/ports/cache-port.js';
import { CACHE_STATUS } from '../../caching/cache-status.js';
import { HttpProblem, type ProblemCode, STATUS } from '../../responses/problem.js';
import { ProductBody } from '../../schemas/product-schemas.js';
import { InstanceState } from './cluster-schemas.js';

type Product = z.output<typeof ProductBody>;

/** Timeouts in milliseconds: of a read, which is repeated all the time, and of everything else. */
const READ_TIMEOUT_MS = 1_000;
const TIMEOUT_MS = 3_000;

/** The product of the panel, so that no product of the shop changes its price. */
const LAB_PRODUCT = {
  sku: 'LAB-CLUSTER',
  name: 'Product of the cluster panel',
  price: 10_000,
  category: 'lab',
  stock: 0,
};
const CREATE_TRIES = 10;
/** Another instance may answer with a list from before the product for a moment. */
const RETRY_MS = 200;

const SOURCES = new Map(
  Object.entries(CACHE_STATUS).map(([source, header]) => [header, source as CacheSource]),
);

const Products = z.object({ items: z.array(ProductBody) });
const Problem = z.object({ code: z.string(), detail: z.string() });

/** What a read of a product says besides the product. */
export interface ProductAnswer extends Pick<Product, 'price' | 'version'> {
  readonly source: CacheSource;
}

/**
 * Sends requests to one instance, as a client does. Each method throws an HttpProblem: the one that the
 * instance answered with, or `dependency_unavailable` when it did not answer in time.
 */
export class InstanceClient {
  constructor(
    readonly url: string,
    /** Makes a token of an administrator. */
    private readonly token: () => Promise<string>,
  ) {}

  async readProduct(id: string): Promise<ProductAnswer> {
    const response = await this.#send('GET', `/v1/products/${id}`, {}, READ_TIMEOUT_MS);
    const { price, version } = ProductBody.parse(await response.json());
    const source = SOURCES.get(response.headers.get('cache-status') ?? '');
    if (!source) throw new HttpProblem('internal_error', `${this.url} names no cache level.`);
    return { price, version, source };
  }

  async changePrice(id: string, price: number): Promise<Product> {
    const response = await this.#sendAsAdmin('PATCH', `/v1/products/${id}`, { price });
    return ProductBody.parse(await response.json());
  }

  /** Finds the product of the panel, or creates it. */
  async labProduct(): Promise<Product> {
    for (let left = CREATE_TRIES; ; left -= 1) {
      const found = await this.#findLabProduct();
      if (found) return found;
      try {
        const response = await this.#sendAsAdmin('POST', '/v1/products', LAB_PRODUCT);
        return ProductBody.parse(await response.json());
      } catch (error) {
        if (!(error instanceof HttpProblem) || error.code !== 'sku_taken' || left === 0)
          throw error;
        await pause(RETRY_MS);
      }
    }
  }

  async state(): Promise<z.output<typeof InstanceState>> {
    const response = await this.#sendAsAdmin('GET', '/lab/cluster/self');
    return InstanceState.parse(await response.json());
  }

  /** @param forMs milliseconds; 0 ends the cut */
  async cutBus(forMs: number): Promise<void> {
    await this.#sendAsAdmin('POST', '/lab/cluster/self/bus-cut', { forMs });
  }

  async pause(): Promise<void> {
    await this.#sendAsAdmin('POST', '/lab/cluster/self/pause', {});
  }

  async #findLabProduct(): Promise<Product | undefined> {
    const list = await this.#send('GET', `/v1/products?category=${LAB_PRODUCT.category}`);
    const { items } = Products.parse(await list.json());
    return items.find(({ sku }) => sku === LAB_PRODUCT.sku);
  }

  async #sendAsAdmin(method: string, path: string, body?: object): Promise<Response> {
    const headers = { Authorization: `Bearer ${await this.token()}` };
    if (body === undefined) return this.#send(method, path, { headers });
    const json = { ...headers, 'Content-Type': 'application/json' };
    return this.#send(method, path, { headers: json, body: JSON.stringify(body) });
  }

  async #send(
    method: string,
    path: string,
    init: RequestInit = {},
    timeoutMs = TIMEOUT_MS,
  ): Promise<Response> {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = { ...init, method, signal, redirect: 'error' } as const;
    const response = await fetch(new URL(path, this.url), request).catch(() => {
      throw new HttpProblem('dependency_unavailable', `${this.url} does not answer.`);
    });
    if (response.ok) return response;
    throw await this.#problemOf(response);
  }

  async #problemOf(response: Response): Promise<HttpProblem> {
    const { success, data } = Problem.safeParse(await response.json().catch(() => undefined));
    if (!success || !(data.code in STATUS)) {
      return new HttpProblem('dependency_unavailable', `${this.url} answers ${response.status}.`);
    }
    return new HttpProblem(data.code as ProblemCode, data.detail);
  }
}
