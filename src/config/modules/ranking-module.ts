import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { NoopSalesRanking } from '../../adapters/ranking/noop-sales-ranking.js';
import { RedisSalesRanking } from '../../adapters/ranking/redis-sales-ranking.js';
import { SalesBuckets } from '../../adapters/ranking/sales-buckets.js';
import { redisServers } from '../../adapters/redis/redis-servers.js';
import { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import type { Resources } from '../resources.js';
import { redisOptionsOf } from '../settings/redis-options-of.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './sql-bindings.js';

/** Counts of sold units in Redis. Without Redis every ranking is computed from the orders. */
export async function rankingModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
): Promise<ContainerModule> {
  const buckets = new SalesBuckets(installation.id);
  const options = redisOptionsOf(settings, logger);
  const servers = options && (await redisServers(options));
  if (servers) resources.defer(() => servers.close());
  // All keys of the ranking share the slot of this one.
  const client = await servers?.connectCommands(buckets.rebuild);
  return new ContainerModule(({ bind }) => {
    if (!client) {
      bind(SalesRanking).toConstantValue(new NoopSalesRanking());
      return;
    }
    bind(SalesRanking)
      .toResolvedValue(
        (ids: IdGenerator, clock: Clock) => new RedisSalesRanking(client, buckets, ids, clock),
        [IdGenerator, Clock],
      )
      .inSingletonScope();
  });
}
