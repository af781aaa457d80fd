import {
  type PopularityWindow,
  type Ranking,
  SHORT_WINDOWS,
} from '../../domain/popularity/popularity.js';
import type { RankingQueries } from '../../domain/popularity/ports.js';
import type { Cached, CachePort } from '../../domain/ports/cache-port.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { rankingKey } from '../../domain/resource-keys.js';
import { type CachedReader, cached } from '../caching/cached.js';
import { invalidates } from '../caching/invalidates.js';

/**
 * The latest ranking of each window.
 *
 * A short window is computed by each instance every few seconds, and stays in its memory. A long one is
 * computed once a day for all instances: it is stored in the database, and is read through the cache.
 */
export class Rankings {
  readonly #own = new Map<PopularityWindow, Ranking>();
  readonly #read: CachedReader<[window: PopularityWindow]>;
  /** A hit in this process is the same text object each time, so it is parsed once. */
  readonly #parsed = new WeakMap<Cached, Ranking>();

  constructor(
    private readonly cache: CachePort,
    private readonly queries: RankingQueries,
    private readonly units: UnitOfWork,
  ) {
    this.#read = cached(cache, { key: rankingKey }, async (window) => {
      const ranking = await queries.find(window);
      return ranking && { text: JSON.stringify(ranking) };
    });
  }

  /** Undefined: none was published. */
  async find(window: PopularityWindow): Promise<Ranking | undefined> {
    if (isShort(window)) return this.#own.get(window);
    return this.#parse(await this.#read(undefined, window));
  }

  /**
   * The ranking that `find` would answer from the memory of this process: the same object as long as it
   * is valid. Undefined: there is none.
   */
  findLocal(window: PopularityWindow): Ranking | undefined {
    if (isShort(window)) return this.#own.get(window);
    const local = this.cache.readLocal({ key: rankingKey(window) });
    return local && this.#parse(local);
  }

  /** Reads the ranking of a long window from the database, never from the cache. */
  findStored(window: PopularityWindow): Promise<Ranking | undefined> {
    return this.queries.find(window);
  }

  /**
   * Replaces the ranking of its window, unless that one was computed at the same time or later.
   *
   * @throws what a unit of work throws, for a long window; nothing was replaced
   */
  async publish(ranking: Ranking): Promise<void> {
    const { window, computedAt } = ranking;
    if (isShort(window)) {
      const before = this.#own.get(window);
      if (!before || before.computedAt < computedAt) this.#own.set(window, ranking);
      return;
    }
    const key = rankingKey(window);
    await this.units.run({ locks: [key], ...invalidates([key]) }, (tx) =>
      tx.rankings.publish(ranking),
    );
  }

  #parse(found: Cached): Ranking | undefined {
    if (found.text === undefined) return undefined;
    const known = this.#parsed.get(found);
    if (known) return known;
    const stored = JSON.parse(found.text);
    const ranking: Ranking = { ...stored, computedAt: new Date(stored.computedAt) };
    this.#parsed.set(found, ranking);
    return ranking;
  }
}

function isShort(window: PopularityWindow): boolean {
  return SHORT_WINDOWS.includes(window);
}
