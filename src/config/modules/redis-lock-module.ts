import { hash } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import { lockStack } from '../../adapters/lock/lock-stack.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import { RedisHealthCheck } from '../../adapters/shop/redis-health-check.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { lockServers } from '../connections/redis-lock.js';
import type { Resources } from '../resources.js';
import { lockSettingsOf } from '../settings/lock-settings-of.js';
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
  const { servers, readyKeys } = await lockServers(settings, resources, logger);
  const stack = lockStack(servers, {
    ...lockSettingsOf(settings, observer),
    prefix: `lockstep:lock:${shortId(installation)}:`,
    strategy: settings.LOCK_STRATEGY,
    // The transaction then locks the rows of these keys.
    unguardedWhileDown: true,
  });
  resources.defer(() => stack.close());
  const health = new RedisHealthCheck(new LockPortAdapter(stack.redis), readyKeys);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new LockPortAdapter(stack.lock));
    bind(HealthCheck).toConstantValue(health);
  });
}

/**
 * A key like `wallet:1` names another wallet in another database, so each name in Redis begins with
 * an id of the database. It is short, because every lock key contains it.
 */
function shortId({ id }: Installation): string {
  return hash('sha256', id, 'base64url').slice(0, 8);
}
