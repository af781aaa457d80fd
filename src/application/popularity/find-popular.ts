import { productNotFound } from '../../domain/catalogue/product.js';
import type { PopularityWindow, Ranking } from '../../domain/popularity/popularity.js';
import type { Cached } from '../../domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import { productKey } from '../../domain/resource-keys.js';
import type { CachedProducts } from '../catalogue/cached-products.js';
import type { Rankings } from './rankings.js';
import type { RefreshRanking } from './refresh-ranking.js';

/** A product of an answer, as the cache had it. */
interface Shown {
  readonly key: string;
  readonly cached: Cached;
}

/** An answer, and what it was put together from. */
interface ComposedAnswer {
  readonly ranking: Ranking;
  readonly shown: readonly Shown[];
  readonly cached: Cached & { readonly text: string };
}

/**
 * Reads the best-selling products: the latest ranking, with the current products.
 *
 * The answer is JSON `{window, computedAt, items: [{rank, product, sold}]}`; rank 1 is the most sold, and
 * `sold` counts units as of the ranking. It is put together once, and is used again as long as the cache
 * has the same ranking and the same text of each product.
 */
export class FindPopular {
  /** First rankings that are being computed; concurrent first readers share one. */
  readonly #first = new Map<PopularityWindow, Promise<Ranking>>();
  /** By window and limit; callers have at most as many limits as a ranking has places. */
  readonly #answers = new Map<string, ComposedAnswer>();

  constructor(
    private readonly rankings: Rankings,
    private readonly refresh: RefreshRanking,
    private readonly products: CachedProducts,
  ) {}

  /** @throws DomainError `product_not_found` */
  async execute(window: PopularityWindow, limit: number): Promise<string> {
    const ranking = (await this.rankings.find(window)) ?? (await this.#shareFirst(window));
    const shown = await Promise.all(
      ranking.sold.slice(0, limit).map(async ({ productId }) => ({
        key: productKey(productId),
        cached: await this.products.find(productId),
      })),
    );
    const known = this.#answers.get(keyOf(window, limit));
    if (known?.ranking === ranking && shows(known, shown)) return known.cached.text;
    const text = textOf(ranking, shown);
    this.#answers.set(keyOf(window, limit), { ranking, shown, cached: { text, source: 'l1' } });
    return text;
  }

  /**
   * What `execute` would answer from the memory of this process: the same object as long as it is valid.
   * Undefined: a part of the answer is not there, or was replaced.
   */
  readLocal(window: PopularityWindow, limit: number): Cached | undefined {
    const known = this.#answers.get(keyOf(window, limit));
    if (!known || this.rankings.findLocal(window) !== known.ranking) return undefined;
    const { shown, cached: answer } = known;
    const isCurrent = shown.every(({ key, cached }) => this.products.findLocal(key) === cached);
    return isCurrent ? answer : undefined;
  }

  #shareFirst(window: PopularityWindow): Promise<Ranking> {
    const running = this.#first.get(window);
    if (running !== undefined) return running;
    const computing = this.#computeFirst(window).finally(() => this.#first.delete(window));
    this.#first.set(window, computing);
    return computing;
  }

  async #computeFirst(window: PopularityWindow): Promise<Ranking> {
    const ranking = await this.refresh.compute(window);
    // While the cache is down nothing can be published, and readers still get the ranking.
    await this.rankings.publish(ranking).catch(unlessUnavailable);
    return ranking;
  }
}

function keyOf(window: PopularityWindow, limit: number): string {
  return `${window} ${limit}`;
}

function shows(answer: ComposedAnswer, shown: readonly Shown[]): boolean {
  return answer.shown.every(({ cached }, i) => cached === shown[i]?.cached);
}

/**
 * Joins texts that are JSON already; to parse them and write them again would cost more than the rest.
 *
 * @throws DomainError `product_not_found`
 */
function textOf({ window, computedAt, sold }: Ranking, shown: readonly Shown[]): string {
  const items = sold.slice(0, shown.length).map(({ productId, units }, i) => {
    const product = shown[i]?.cached.text;
    if (product === undefined) throw productNotFound(productId);
    return `{"rank":${i + 1},"product":${product},"sold":${units}}`;
  });
  const head = JSON.stringify({ window, computedAt }).slice(0, -1);
  return `${head},"items":[${items.join(',')}]}`;
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof DependencyUnavailableError)) throw error;
}
