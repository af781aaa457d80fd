import { hash } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { FallingBackLock } from '../../adapters/lock/decorators/falling-back-lock.js';
import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import { MeasuredLock } from '../../adapters/lock/decorators/measured-lock.js';
import { InProcessLock } from '../../adapters/lock/in-process-lock.js';
import { systemClock } from '../../adapters/lock/leases/lock-clock.js';
import { CohortLock } from '../../adapters/lock/strategies/cohort-lock.js';
import { RedisHealthCheck } from '../../adapters/redis/redis-health-check.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { redisLock } from '../connections/redis-lock.js';
import type { Resources } from '../resources.js';
import { lockSettingsOf } from '../settings/lock-settings.js';
import type { Settings } from '../settings/settings.js';
import type { Installation } from './sql-bindings.js';

/** Locks of a single instance: no server is needed. */
export function inProcessLockModule(settings: Settings, observer: LockObserver): ContainerModule {
  const lock = new InProcessLock(lockSettingsOf(settings, observer));
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new MeasuredLock(lock, observer, systemClock));
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
  const shared = lockSettingsOf(settings, observer);
  const prefix = `lockstep:lock:${shortId(installation)}:`;
  const chosen = { ...shared, prefix, strategy: settings.LOCK_STRATEGY };
  const { lock: redis, readyKeys } = await redisLock(settings, chosen, resources, logger);
  resources.defer(() => redis.close());
  // Waiters that poll take no part in a queue of the process, so a lease cannot be passed to them.
  const local = settings.LOCK_STRATEGY === 'pubsub' ? new CohortLock(redis, shared) : redis;
  const lock = new FallingBackLock(new MeasuredLock(local, observer, systemClock), observer);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(lock);
    bind(HealthCheck).toConstantValue(new RedisHealthCheck(redis, readyKeys));
  });
}

/**
 * A key such as `wallet:1` means another wallet in another database, so every lock key contains the
 * id of its database. It is short, because it is part of every key.
 */
function shortId({ id }: Installation): string {
  return hash('sha256', id, 'base64url').slice(0, 8);
}
