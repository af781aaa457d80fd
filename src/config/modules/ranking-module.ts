import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { RedisSalesRanking } from '../../adapters/ranking/redis-sales-ranking.js';
import { SalesBuckets } from '../../adapters/ranking/sales-buckets.js';
import { UnkeptRanking } from '../../adapters/ranking/unkept-ranking.js';
import type { CommandSender } from '../../adapters/redis/command-client.js';
import { SalesRanking } from '../../domain/popularity/sales-ranking.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { connectRedisCluster } from '../connections/redis-cluster-connection.js';
import { connectRedis } from '../connections/redis-connection.js';
import { connectRedisSentinel } from '../connections/redis-sentinel-connection.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import { redisTls } from '../settings/tls/redis-tls.js';
import type { Installation } from './sql-bindings.js';

/** Counts of sold units in Redis. Without Redis every ranking is computed from the orders. */
export async function rankingModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
): Promise<ContainerModule> {
  const buckets = new SalesBuckets(installation.id);
  const client = await rankingClient(settings, resources, logger, buckets);
  return new ContainerModule(({ bind }) => {
    if (!client) {
      bind(SalesRanking).toConstantValue(new UnkeptRanking());
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

async function rankingClient(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  buckets: SalesBuckets,
): Promise<CommandSender | undefined> {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_SENTINEL_MASTER, REDIS_CLUSTER } = settings;
  const tls = redisTls(settings);
  if (REDIS_CLUSTER) {
    const { cluster } = await connectRedisCluster(REDIS_CLUSTER, logger, resources, tls);
    // All keys of the ranking share the slot of this one.
    return { sendCommand: (args) => cluster.sendCommand(buckets.rebuild, false, [...args]) };
  }
  if (REDIS_SENTINELS && REDIS_SENTINEL_MASTER) {
    const name = REDIS_SENTINEL_MASTER;
    return (await connectRedisSentinel(name, REDIS_SENTINELS, logger, resources, tls)).commands;
  }
  if (!REDIS_URL) return undefined;
  const client = await connectRedis(REDIS_URL, logger, resources, tls);
  return { sendCommand: (args) => client.sendCommand([...args]) };
}
