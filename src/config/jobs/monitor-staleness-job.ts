import type { Container } from 'inversify';
import { Histogram, type Registry } from 'prom-client';
import { CachedProducts } from '../../application/catalogue/cached-products.js';
import { MonitoredUnitOfWork } from '../../application/staleness/monitored-unit-of-work.js';
import { StalenessMonitor } from '../../application/staleness/staleness-monitor.js';
import type { VersionReader } from '../../application/staleness/version-reader.js';
import { ProductQueries } from '../../domain/catalogue/ports.js';
import type { ProductState } from '../../domain/catalogue/product.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { productKey } from '../../domain/resource-keys.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Has some of the written products read again, and reports how stale the answers are. */
export async function monitorStaleness(
  container: Container,
  settings: Settings,
  registry: Registry,
  resources: Resources,
): Promise<void> {
  const staleness = new Histogram({
    name: 'cache_staleness_seconds',
    help: 'How long an answer had been replaced when a sampled write was read again; 0 if it was not',
    buckets: SECONDS,
    registers: [registry],
  });
  const boundMs = settings.CACHE_MAX_STALENESS_MS;
  const monitor = new StalenessMonitor(productVersions(container), {
    share: settings.CACHE_STALENESS_SAMPLE,
    // At once, by the time of a lost message's replay, and when nothing old may be left.
    afterMs: [1, 50, boundMs / 2, boundMs, 2 * boundMs],
    nowMs: () => performance.now(),
    observe: (ms) => staleness.observe(ms / 1_000),
  });
  resources.defer(async () => monitor.close());
  const unitOfWork = container.get(UnitOfWork);
  const rebound = await container.rebind(UnitOfWork);
  rebound.toConstantValue(new MonitoredUnitOfWork(unitOfWork, monitor));
}

function productVersions(container: Container): VersionReader {
  const cached = container.get(CachedProducts);
  const queries = container.get(ProductQueries);
  const prefix = productKey('');
  const ofProduct = async (resource: string, version: (id: string) => Promise<number>) =>
    resource.startsWith(prefix) ? version(resource.slice(prefix.length)) : undefined;
  return {
    cached: (resource) =>
      ofProduct(resource, async (id) => {
        const { text } = await cached.get(id);
        return (JSON.parse(text) as ProductState).version;
      }),
    current: (resource) => ofProduct(resource, async (id) => (await queries.get(id)).version),
  };
}
