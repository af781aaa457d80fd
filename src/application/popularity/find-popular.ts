import { productNotFound } from '../../domain/catalogue/product.js';
import type { PopularityWindow, Ranking } from '../../domain/popularity/popularity.js';
import type { Cached } from '../../domain/ports/cache-port.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { CachedProducts } from '../catalogue/cached-products.js';
import type { Rankings } from './rankings.js';
import type { RefreshRanking } from './refresh-ranking.js';

/** An answer, and what it was put together from. */
interface Answer {
  readonly ranking: Ranking;
  /** In the order of the ranking. */
  readonly products: readonly Cached[];
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
  private readonly first = new Map<PopularityWindow, Promise<Ranking>>();
  /** By window and limit; callers have at most as many limits as a ranking has places. */
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly rankings: Rankings,
    private readonly refresh: RefreshRanking,
    private readonly products: CachedProducts,
  ) {}

  async execute(window: PopularityWindow, limit: number): Promise<string> {
    const ranking = (await this.rankings.find(window)) ?? (await this.shareFirst(window));
    const shown = ranking.sold.slice(0, limit);
    const products = await Promise.all(shown.map(({ productId }) => this.products.find(productId)));
    const known = this.answers.get(keyOf(window, limit));
    if (known?.ranking === ranking && products.every((each, i) => each === known.products[i])) {
      return known.cached.text;
    }
    const text = textOf(ranking, products);
    this.answers.set(keyOf(window, limit), { ranking, products, cached: { text, source: 'l1' } });
    return text;
  }

  /**
   * What `execute` would answer from the memory of this process: the same object as long as it is valid.
   * Undefined: a part of the answer is not there, or was replaced.
   */
  readLocal(window: PopularityWindow, limit: number): Cached | undefined {
    const known = this.answers.get(keyOf(window, limit));
    if (!known || this.rankings.findLocal(window) !== known.ranking) return undefined;
    const { products, ranking, cached } = known;
    const isCurrent = ranking.sold
      .slice(0, limit)
      .every(({ productId }, i) => this.products.findLocal(productId) === products[i]);
    return isCurrent ? cached : undefined;
  }

  private shareFirst(window: PopularityWindow): Promise<Ranking> {
    const running = this.first.get(window);
    if (running !== undefined) return running;
    const computing = this.computeFirst(window).finally(() => this.first.delete(window));
    this.first.set(window, computing);
    return computing;
  }

  private async computeFirst(window: PopularityWindow): Promise<Ranking> {
    const ranking = await this.refresh.compute(window);
    // While the cache is down nothing can be published, and readers still get the ranking.
    await this.rankings.publish(ranking).catch(unlessUnavailable);
    return ranking;
  }
}

function keyOf(window: PopularityWindow, limit: number): string {
  return `${window} ${limit}`;
}

/** @throws DomainError `product_not_found` */
function textOf({ window, computedAt, sold }: Ranking, products: readonly Cached[]): string {
  const items = sold.slice(0, products.length).map(({ productId, units }, i) => {
    const text = products[i]?.text;
    if (text === undefined) throw productNotFound(productId);
    return `{"rank":${i + 1},"product":${text},"sold":${units}}`;
  });
  const head = JSON.stringify({ window, computedAt });
  return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof DependencyUnavailableError)) throw error;
}
