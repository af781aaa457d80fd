import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CacheSource } from '../../domain/ports/cache-port.js';
import { CacheObserver } from '../cache/cache-observer.js';

const SOURCES: readonly CacheSource[] = ['l1', 'l2', 'stored', 'miss', 'bypass'];

const STALENESS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts the events of the cache, for `/metrics`. */
export class CacheMetrics extends CacheObserver {
  readonly #reads: Counter<'source'>;
  readonly #loads: Counter;
  readonly #refusedFills: Counter;
  readonly #gaps: Counter;
  readonly #evictions: Counter;
  readonly #invalidations: Counter<'by'>;
  readonly #isInSync: Gauge;
  readonly #secondsOutOfSync: Counter;
  /** Of `performance.now()`; undefined while the cache is in sync. */
  #outOfSyncSince: number | undefined = performance.now();
  readonly #stale: Histogram;

  constructor(registry: Registry) {
    super();
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#reads = new Counter({
      name: 'cache_reads_total',
      help: 'Reads by the source of their answer',
      labelNames: ['source'],
      registers,
    });
    // The hit rate must be defined from the first miss on.
    for (const source of SOURCES) this.#reads.inc({ source }, 0);
    this.#loads = counter(
      'cache_loads_total',
      'Loads from the database; readers of one key share a load',
    );
    this.#refusedFills = counter(
      'cache_fills_refused_total',
      'Loaded values that were not kept, since a write may have replaced them during the load',
    );
    this.#gaps = counter(
      'cache_gaps_total',
      'Messages of invalidations that came without the one before them',
    );
    this.#evictions = counter(
      'cache_evictions_total',
      'Entries removed because the cache was full',
    );
    this.#invalidations = new Counter({
      name: 'cache_invalidations_total',
      help: 'Invalidations, by the way they arrived: a message, a replay, or a drop of the whole cache',
      labelNames: ['by'],
      registers,
    });
    for (const by of ['message', 'replay', 'drop'] as const) this.#invalidations.inc({ by }, 0);
    this.#isInSync = new Gauge({
      name: 'cache_in_sync',
      help: '1 while it is certain that this instance has received every invalidation',
      registers,
    });
    const addTime = () => this.#addTimeOutOfSync();
    this.#secondsOutOfSync = new Counter({
      name: 'cache_out_of_sync_seconds_total',
      help: 'Time in which the cache in the process was not used, since it was not in sync',
      registers,
      collect: addTime,
    });
    this.#stale = new Histogram({
      name: 'cache_staleness_seconds',
      help: 'How long the sampled answer had been replaced when it was read; 0 if it was current',
      buckets: STALENESS_SECONDS,
      registers,
    });
  }

  /** A sampled answer had been replaced this many milliseconds before it was read; 0: it was current. */
  readonly staleness = (ms: number): void => {
    this.#stale.observe(ms / 1_000);
  };

  override read(source: CacheSource): void {
    this.#reads.inc({ source });
  }

  override loaded(): void {
    this.#loads.inc();
  }

  override fillRefused(): void {
    this.#refusedFills.inc();
  }

  override gapFound(): void {
    this.#gaps.inc();
  }

  override evicted(): void {
    this.#evictions.inc();
  }

  override invalidated(by: 'message' | 'replay' | 'drop'): void {
    this.#invalidations.inc({ by });
  }

  override inSync(now: boolean): void {
    this.#isInSync.set(now ? 1 : 0);
    this.#addTimeOutOfSync();
    this.#outOfSyncSince = now ? undefined : performance.now();
  }

  #addTimeOutOfSync(): void {
    if (this.#outOfSyncSince === undefined) return;
    const now = performance.now();
    this.#secondsOutOfSync.inc((now - this.#outOfSyncSince) / 1_000);
    this.#outOfSyncSince = now;
  }
}
