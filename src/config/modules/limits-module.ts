import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { SharedCounts } from '../../adapters/http/admission/shared-counts.js';
import { redisServers } from '../../adapters/redis/redis-servers.js';
import type { Resources } from '../resources.js';
import { rateLimitsOf } from '../settings/limit-settings.js';
import { redisOptionsOf } from '../settings/redis-options-of.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './sql-bindings.js';

/** The counts of rate limits: of all instances in Redis, or of this process alone. */
export async function limitsModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
): Promise<ContainerModule> {
  const { windowMs, ...limits } = rateLimitsOf(settings);
  const options = redisOptionsOf(settings, logger);
  const isLimited = Object.values(limits).some((limit) => limit > 0);
  const servers = isLimited && options ? await redisServers(options) : undefined;
  if (servers) resources.defer(() => servers.close());
  const prefix = `{lockstep:limits:${installation.id}}`;
  const client = await servers?.connectCommands(prefix);
  const shared = new SharedCounts(windowMs, client && { client, prefix });
  return new ContainerModule(({ bind }) => {
    bind(SharedCounts).toConstantValue(shared);
  });
}
