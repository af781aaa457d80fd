import { ShopClient } from '../../support/ordering/shop-client.js';
import { answerOf, type SaleService } from './sale-service.js';

/** Points; each buyer has enough for one unit. */
export const PRICE = 1_000;

const SKU = /^LAB-SALE-(\d+)$/;
const FREE_NAME = 'Flash sale of the lab';
const IN_USE = /, in use until (\S+)$/;

/**
 * A sale that does not end leaves orders that are not paid, and their units come back later. So nobody else
 * uses its product for a day.
 */
const USE_MS = 24 * 60 * 60 * 1_000;

/** Each failure means that another sale was faster. */
const CLAIM_TRIES = 20;

interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
}

/**
 * A product that belongs to one sale until it is released, also in a cluster. The name of the product
 * says so, and is changed only if nobody else has changed it.
 *
 * A later sale uses it again, because the service has no route that deletes products.
 */
export class SaleProduct {
  private constructor(
    private readonly url: string,
    private readonly admin: ShopClient,
    private readonly product: Product,
  ) {}

  get id(): string {
    return this.product.id;
  }

  get sku(): string {
    return this.product.sku;
  }

  /**
   * Takes the first product that is free, or creates one, and fills its stock.
   * @throws Error the service refused a request
   */
  static async claim(service: SaleService, units: number): Promise<SaleProduct> {
    const admin = new ShopClient(await service.token('lab-admin', 'admin'));
    const url = service.url();
    for (let attempt = 1; attempt <= CLAIM_TRIES; attempt += 1) {
      const known = await list(url);
      for (const product of known) {
        const own = new SaleProduct(url, admin, product);
        if (await own.#take(units)) return own;
      }
      const last = Math.max(0, ...known.map(({ sku }) => Number(SKU.exec(sku)?.[1])));
      const created = await create(url, admin, `LAB-SALE-${last + 1}`, units);
      if (created) return new SaleProduct(url, admin, created);
    }
    throw new Error('other sales have taken every product of the lab');
  }

  /** Lets the next sale use it. Call it only after each order of this sale was paid or refused. */
  async release(): Promise<void> {
    await this.#rename(FREE_NAME);
  }

  async unitsLeft(): Promise<number> {
    const stock = await answerOf(this.admin.get(`${this.#path}/stock`));
    return (stock.body as { available: number }).available;
  }

  /** False: another sale has it, or it has more units than this sale may sell. */
  async #take(units: number): Promise<boolean> {
    const read = await answerOf(this.admin.get(this.#path));
    const untilText = IN_USE.exec((read.body as Product).name)?.[1];
    if (untilText !== undefined && Date.parse(untilText) > Date.now()) return false;
    if (!(await this.#rename(usedName(), read.headers.get('etag') ?? '""'))) return false;
    const left = await this.unitsLeft();
    if (left > units) {
      await this.release();
      return false;
    }
    if (left < units) {
      await answerOf(this.admin.post(`${this.#path}/restocks`, { quantity: units - left }));
    }
    return true;
  }

  /** False: the product has another entity tag. */
  async #rename(name: string, entityTag?: string): Promise<boolean> {
    const condition = entityTag === undefined ? {} : { 'If-Match': entityTag };
    const answer = await answerOf(this.admin.patch(this.#path, { name }, condition), 412);
    return answer.status !== 412;
  }

  get #path(): string {
    return `${this.url}/v1/products/${this.product.id}`;
  }
}

function usedName(): string {
  return `${FREE_NAME}, in use until ${new Date(Date.now() + USE_MS).toISOString()}`;
}

async function list(url: string): Promise<readonly Product[]> {
  const found: Product[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ category: 'lab', limit: '100', ...(cursor && { cursor }) });
    const { body } = await answerOf(fetch(`${url}/v1/products?${query}`));
    const page = body as { readonly items: readonly Product[]; readonly nextCursor: string | null };
    found.push(...page.items.filter(({ sku }) => SKU.test(sku)));
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

/** Undefined: another sale has created it. */
async function create(
  url: string,
  admin: ShopClient,
  sku: string,
  stock: number,
): Promise<Product | undefined> {
  const described = { sku, name: usedName(), category: 'lab', price: PRICE, stock };
  const answer = await answerOf(admin.post(`${url}/v1/products`, described), 409);
  return answer.status === 409 ? undefined : (answer.body as Product);
}
