import { hash } from 'node:crypto';
import type { RedisClusterType } from '@redis/client';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { InProcessLock } from '../../adapters/lock/in-process-lock.js';
import { MeasuredLock } from '../../adapters/lock/layers/2-measured-lock.js';
import type { LockObserver } from '../../adapters/lock/lock-observer.js';
import { lockStack } from '../../adapters/lock/lock-stack.js';
import { keySlot } from '../../adapters/lock/protocol/key-slot.js';
import { LockHealthCheck } from '../../adapters/lock-and-cache-adapters/lock-health-check.js';
import { LockPortAdapter } from '../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { redisServers } from '../../adapters/redis/redis-servers.js';
import { systemClock } from '../../adapters/timeouts/instant.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import type { Resources } from '../resources.js';
import { lockSettingsOf } from '../settings/lock-settings.js';
import { redisOptionsOf } from '../settings/redis-options-of.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './sql-bindings.js';

/** Locks of a single instance: no server is needed. */
export function inProcessLockModule(settings: Settings, observer: LockObserver): ContainerModule {
  const lock = new InProcessLock(lockSettingsOf(settings, observer));
  return new ContainerModule(({ bind }) => {
    const measured = new MeasuredLock(lock, observer, systemClock);
    bind(LockPort).toConstantValue(new LockPortAdapter(measured));
  });
}

/** Locks that all instances share, through Redis. */
export async function redisLockModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
  installation: Installation,
  observer: LockObserver,
): Promise<ContainerModule> {
  const { servers, readyKeys } = await lockServers(settings, resources, logger);
  const stack = lockStack(servers, {
    ...lockSettingsOf(settings, observer),
    prefix: lockPrefix(installation.id),
    strategy: settings.LOCK_STRATEGY,
    // The transaction then locks the rows of these keys.
    unguardedWhileDown: true,
  });
  resources.defer(() => stack.close());
  const health = new LockHealthCheck(new LockPortAdapter(stack.redis), readyKeys);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new LockPortAdapter(stack.lock));
    bind(HealthCheck).toConstantValue(health);
  });
}

/** Where the locks are, and the keys that this instance takes to check them. */
async function lockServers(settings: Settings, resources: Resources, logger: Logger) {
  const options = redisOptionsOf(settings, logger);
  if (!options) throw new Error('no setting names a Redis');
  const servers = await redisServers(options);
  resources.defer(() => servers.close());
  const name = `readyz:${settings.INSTANCE_ID}`;
  if (!servers.isCluster) return { servers: await servers.connect(), readyKeys: () => [name] };
  const { cluster, nodes } = await servers.connect();
  return { servers: nodes, readyKeys: () => keyOfEachMaster(cluster, name) };
}

/** Many more names than any cluster needs to have one in the slots of each master. */
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
 * A key such as `wallet:1` means another wallet in another database, so every lock key contains the
 * id of its database. This id is short, because it is a part of every key.
 */
export function lockPrefix(installationId: string): string {
  return `lockstep:lock:${hash('sha256', installationId, 'base64url').slice(0, 8)}:`;
}
