import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { CohortLock } from '../adapters/lock/cohort-lock.js';
import { FallingBackLock } from '../adapters/lock/falling-back-lock.js';
import { systemClock } from '../adapters/lock/lock-clock.js';
import type { LockObserver } from '../adapters/lock/lock-observer.js';
import { MeasuredLock } from '../adapters/lock/measured-lock.js';
import { RedisHealthCheck } from '../adapters/lock/redis-health-check.js';
import { RedisLock } from '../adapters/lock/redis-lock.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { LockPort } from '../domain/ports/lock-port.js';
import { lockSettingsOf } from './lock-settings-of.js';
import { connectRedis } from './redis-connection.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';

/** Locks that all instances share. */
export async function redisLockModule(
  settings: Settings,
  url: string,
  resources: Resources,
  logger: Logger,
  observer: LockObserver,
): Promise<ContainerModule> {
  const [commands, subscriber] = await Promise.all([
    connectRedis(url, logger, resources),
    connectRedis(url, logger, resources),
  ]);
  const shared = lockSettingsOf(settings, observer);
  const redis = new RedisLock(
    { commands, subscriber },
    { ...shared, strategy: settings.LOCK_STRATEGY },
  );
  resources.defer(() => redis.close());
  // A lease passed on in memory has no meaning to those who ask again and again by themselves.
  const local = settings.LOCK_STRATEGY === 'pubsub' ? new CohortLock(redis, shared) : redis;
  const lock = new FallingBackLock(new MeasuredLock(local, observer, systemClock), observer);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(lock);
    bind(HealthCheck).toConstantValue(new RedisHealthCheck(commands));
  });
}
