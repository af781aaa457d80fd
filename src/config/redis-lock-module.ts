import { hash } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { CohortLock } from '../adapters/lock/cohort-lock.js';
import { FallingBackLock } from '../adapters/lock/falling-back-lock.js';
import { systemClock } from '../adapters/lock/lock-clock.js';
import type { LockObserver } from '../adapters/lock/lock-observer.js';
import { MeasuredLock } from '../adapters/lock/measured-lock.js';
import { RedisHealthCheck } from '../adapters/lock/redis-health-check.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { LockPort } from '../domain/ports/lock-port.js';
import type { Installation } from './installation.js';
import { lockSettingsOf } from './lock-settings-of.js';
import { redisLock } from './redis-lock.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';

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
    bind(HealthCheck).toConstantValue(new RedisHealthCheck(redis, readyKeys));
  });
}

/**
 * Keys like `wallet:1` mean something else in every database, so each name has that of the database:
 * in few bytes, as it stands in every lock key.
 */
function shortId({ id }: Installation): string {
  return hash('sha256', id, 'base64url').slice(0, 8);
}
