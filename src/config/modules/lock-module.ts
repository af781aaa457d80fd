import { hash } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import { MeasuredLock } from '../../adapters/lock/decorators/measured-lock.js';
import { InProcessLock } from '../../adapters/lock/in-process-lock.js';
import { systemClock } from '../../adapters/lock/leases/lock-clock.js';
import { lockStack } from '../../adapters/lock/lock-stack.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import { RedisHealthCheck } from '../../adapters/shop/redis-health-check.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { lockServers } from '../connections/redis-lock.js';
import type { Resources } from '../resources.js';
import { lockSettingsOf } from '../settings/lock-settings.js';
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
    prefix: `lockstep:lock:${shortId(installation)}:`,
    strategy: settings.LOCK_STRATEGY,
  });
  resources.defer(() => stack.close());
  const health = new RedisHealthCheck(new LockPortAdapter(stack.redis), readyKeys);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new LockPortAdapter(stack.lock));
    bind(HealthCheck).toConstantValue(health);
  });
}

/**
 * A key such as `wallet:1` means another wallet in another database, so every lock key contains the
 * id of its database. It is short, because it is part of every key.
 */
function shortId({ id }: Installation): string {
  return hash('sha256', id, 'base64url').slice(0, 8);
}
