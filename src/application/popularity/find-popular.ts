import type { PopularityWindow, Ranking } from '../../domain/popularity/popularity.js';
import type { RankingStore } from '../../domain/popularity/ports.js';
import type { CachedProducts } from '../catalogue/cached-products.js';
import type { RefreshRanking } from './refresh-ranking.js';

export interface PopularItem {
  /** 1 is the most sold. */
  readonly rank: number;
  /** The product as it is now, as JSON. */
  readonly product: string;
  /** Units, as of the ranking. */
  readonly sold: number;
}

export interface PopularItems extends Pick<Ranking, 'window' | 'computedAt'> {
  readonly items: readonly PopularItem[];
}

/** Reads the best-selling products: the latest ranking, with the current products. */
export class FindPopular {
  /** First rankings that are being computed; concurrent first readers share one. */
  private readonly first = new Map<PopularityWindow, Promise<Ranking>>();

  constructor(
    private readonly store: RankingStore,
    private readonly refresh: RefreshRanking,
    private readonly products: CachedProducts,
  ) {}

  async execute(window: PopularityWindow, limit: number): Promise<PopularItems> {
    const { computedAt, sold } = (await this.store.find(window)) ?? (await this.compute(window));
    const items = sold.slice(0, limit).map(async ({ productId, units }, index) => {
      const { text } = await this.products.get(productId);
      return { rank: index + 1, product: text, sold: units };
    });
    return { window, computedAt, items: await Promise.all(items) };
  }

  private compute(window: PopularityWindow): Promise<Ranking> {
    const running = this.first.get(window);
    if (running !== undefined) return running;
    const computing = this.refresh.execute(window).finally(() => this.first.delete(window));
    this.first.set(window, computing);
    return computing;
  }
}
