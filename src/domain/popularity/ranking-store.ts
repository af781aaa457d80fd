import type { PopularityWindow, Ranking } from './popularity.js';

/** The ranking of each window as it was computed last. */
export abstract class RankingStore {
  abstract find(window: PopularityWindow): Promise<Ranking | undefined>;

  /** One that was computed later stays. */
  abstract publish(ranking: Ranking): Promise<void>;
}
