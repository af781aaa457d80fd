import { hash } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { RedisClusterType } from 'redis';
import { ClusterLock } from '../../adapters/lock/cluster-lock.js';
import { FallingBackLock } from '../../adapters/lock/decorators/falling-back-lock.js';
import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import { MeasuredLock } from '../../adapters/lock/decorators/measured-lock.js';
import { systemClock } from '../../adapters/lock/leases/lock-clock.js';
import { keySlot } from '../../adapters/lock/protocol/key-slot.js';
import { RedisLock } from '../../adapters/lock/redis-lock.js';
import type { RedisLockSettings } from '../../adapters/lock/redis-lock-settings.js';
import { CohortLock } from '../../adapters/lock/strategies/cohort-lock.js';
import { redisServers } from '../../adapters/redis/redis-servers.js';
import { LockHealthCheck } from '../../adapters/shop/lock-health-check.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import type { Resources } from '../resources.js';
import { lockSettingsOf } from '../settings/lock-settings-of.js';
import { redisOptionsOf } from '../settings/redis-options-of.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './installation.js';

/** Locks that all instances share. */
export async function redisLockModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
  observer: LockObserver,
): Promise<ContainerModule> {
  const shared = lockSettingsOf(settings, observer);
  const prefix = `lockstep:lock:${shortId(installation)}:`;
  const chosen = { ...shared, prefix, strategy: settings.LOCK_STRATEGY };
  const { lock: redis, readyKeys } = await redisLock(settings, chosen, resources, logger);
  resources.defer(() => redis.close());
  // A lease passed on in memory has no meaning to those who ask again and again by themselves.
  const local = settings.LOCK_STRATEGY === 'pubsub' ? new CohortLock(redis, shared) : redis;
  const lock = new FallingBackLock(new MeasuredLock(local, observer, systemClock), observer);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(lock);
    bind(HealthCheck).toConstantValue(new LockHealthCheck(redis, readyKeys));
  });
}

/** The lock, and the keys that this instance takes to check it: for a cluster one key per master. */
async function redisLock(
  settings: Settings,
  chosen: Partial<RedisLockSettings>,
  resources: Resources,
  logger: Logger,
) {
  const options = redisOptionsOf(settings, logger);
  if (!options) throw new Error('no setting names a Redis');
  const servers = redisServers(options);
  resources.defer(() => servers.close());
  const name = `readyz:${settings.INSTANCE_ID}`;
  if (!servers.isCluster) {
    return { lock: new RedisLock(await servers.connect(), chosen), readyKeys: () => [name] };
  }
  const { cluster, nodes } = await servers.connect();
  return { lock: new ClusterLock(nodes, chosen), readyKeys: () => keyOfEachMaster(cluster, name) };
}

/** More than enough names for any cluster to find one in each master's slots. */
const MAX_NAMES = 1_000;

/** One name in the slots of each master; at least one name, also while no master is known. */
function keyOfEachMaster(
  { masters, slots }: Pick<RedisClusterType, 'masters' | 'slots'>,
  name: string,
): string[] {
  const left = new Set<unknown>(masters);
  const keys: string[] = [];
  for (let i = 0; i < MAX_NAMES && left.size > 0; i += 1) {
    const key = `${name}:${i}`;
    if (left.delete(slots[keySlot(key)]?.master)) keys.push(key);
  }
  return keys.length > 0 ? keys : [name];
}

/**
 * Keys like `wallet:1` mean something else in every database, so each name has that of the database:
 * in few bytes, as it stands in every lock key.
 */
function shortId({ id }: Installation): string {
  return hash('sha256', id, 'base64url').slice(0, 8);
}
