import { expect } from 'chai';
import { type Verdict, verdictOf } from '../../../tools/invariants/verdict.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { addProduct, orderOf } from '../../support/shop.js';

/** The price in the backup, and the price after it. */
const PRICE = 100;
const LOST_PRICE = 200;
/** More than one, because the first answer may come from another level of the cache than the next. */
const READS = 3;

/** What a shop showed at the time of its backup and later, as its clients saw it. */
export class LostTime {
  readonly #lostPaths: string[] = [];

  private constructor(
    readonly watched: string,
    private readonly category: string,
    private readonly admin: ApiClient,
  ) {}

  /** Before the backup. */
  static async begin(admin: ApiClient, category: string): Promise<LostTime> {
    const watched = await addProduct(admin, { price: PRICE, category });
    return new LostTime(watched, category, admin);
  }

  /** After the backup: another price, another product, an order. All instances keep them in their caches. */
  async change(instances: readonly string[], buyer: ApiClient): Promise<void> {
    await eventually(async () => {
      const { status } = await this.admin.patch(this.#path, { price: LOST_PRICE });
      expect(status).to.equal(200);
    });
    const further = { price: LOST_PRICE, category: this.category };
    const product = await eventually(() => addProduct(this.admin, further));
    const order = await buyer.post('/v1/orders', orderOf(product));
    expect(order.status).to.equal(201);
    this.#lostPaths.push(`/v1/products/${product}`, `/v1/orders/${order.body.id}`);
    const paths = [this.#path, this.#page, `/v1/products/${product}`];
    for (const url of instances) {
      for (const path of paths) await eventually(() => expectHit(url, path));
      expect(await this.#pricesOf(url)).to.deep.equal([LOST_PRICE, LOST_PRICE, LOST_PRICE]);
    }
  }

  /** A path that exists only in the lost time. */
  lose(path: string): void {
    this.#lostPaths.push(path);
  }

  /**
   * Without the last step of the restore an instance believes its cache: then the next check can fail. Before an
   * instance is in sync it reads from the database.
   */
  async isShown(url: string): Promise<Verdict> {
    let price: number | undefined;
    await eventually(async () => {
      [price] = await this.#pricesOf(url);
      expect(price).to.equal(LOST_PRICE);
    }).catch(() => undefined);
    const broken = price === LOST_PRICE ? [] : [`it answers ${price}`];
    return verdictOf('without the last step a value of the lost time is answered', 1, broken);
  }

  async isGone(instances: readonly string[], buyer: ApiClient): Promise<Verdict> {
    const broken: string[] = [];
    for (const url of instances) {
      for (let i = 0; i < READS; i++) {
        const prices = await this.#pricesOf(url);
        if (prices.join() !== `${PRICE},${PRICE}`) broken.push(`${url} answers prices ${prices}`);
        for (const path of this.#lostPaths) {
          const { status } = await new ApiClient(url, buyer.token).get(path);
          if (status !== 404) broken.push(`${url}${path} answers ${status}`);
        }
      }
    }
    const seen = instances.length * READS * (1 + this.#lostPaths.length);
    return verdictOf('no instance answers a value of the lost time', seen, broken);
  }

  /** The price of the watched product by itself, and the prices on the page of its category. */
  async #pricesOf(url: string): Promise<number[]> {
    const anyone = new ApiClient(url);
    const { body } = await anyone.get(this.#path);
    const page = await anyone.get(this.#page);
    return [body.price, ...page.body.items.map((item: { price: number }) => item.price)];
  }

  get #path(): string {
    return `/v1/products/${this.watched}`;
  }

  get #page(): string {
    return `/v1/products?category=${this.category}`;
  }
}

/** A cache whose control keys are new stores nothing for some seconds. */
async function expectHit(url: string, path: string): Promise<void> {
  const { headers } = await new ApiClient(url).get(path);
  expect(headers.get('cache-status')).to.match(/^lockstep-l[12]; hit/);
}
