import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheSource } from '../../domain/ports/cache-port.js';
import { CacheObserver } from '../cache/cache-observer.js';

const SOURCES: readonly CacheSource[] = ['l1', 'l2', 'stored', 'miss', 'bypass'];

/** Counts what the cache tells, for `/metrics`. */
export class CacheMetrics extends CacheObserver {
  private readonly reads: Counter<'source'>;
  private readonly loads: Counter;
  private readonly evictions: Counter;
  private readonly invalidations: Counter<'by'>;
  private readonly isInSync: Gauge;

  constructor(registry: Registry) {
    super();
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.reads = new Counter({
      name: 'cache_reads_total',
      help: 'Reads by where their answer came from',
      labelNames: ['source'],
      registers,
    });
    // A rate of hits is wanted from the first miss on.
    for (const source of SOURCES) this.reads.inc({ source }, 0);
    this.loads = counter('cache_loads_total', 'Reads of the truth, for all who waited for it');
    this.evictions = counter('cache_evictions_total', 'Entries that made room for others');
    this.invalidations = new Counter({
      name: 'cache_invalidations_total',
      help: 'Invalidations that were told, or found missing by a comparison',
      labelNames: ['by'],
      registers,
    });
    this.isInSync = new Gauge({
      name: 'cache_in_step',
      help: '1 while the cache is proven to have heard of every invalidation',
      registers,
    });
  }

  override read(source: CacheSource): void {
    this.reads.inc({ source });
  }

  override loaded(): void {
    this.loads.inc();
  }

  override evicted(): void {
    this.evictions.inc();
  }

  override invalidated(by: 'message' | 'replay' | 'drop'): void {
    this.invalidations.inc({ by });
  }

  override inSync(now: boolean): void {
    this.isInSync.set(now ? 1 : 0);
  }
}
