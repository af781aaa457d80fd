import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { FallingBackLock } from '../adapters/lock/falling-back-lock.js';
import { RedisHealthCheck } from '../adapters/lock/redis-health-check.js';
import { RedisLock } from '../adapters/lock/redis-lock.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { LockPort } from '../domain/ports/lock-port.js';
import { lockTimes } from './lock-times.js';
import { connectRedis } from './redis-connection.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';

/** Locks that all instances share. */
export async function redisLockModule(
  settings: Settings,
  url: string,
  resources: Resources,
  logger: Logger,
): Promise<ContainerModule> {
  const [commands, subscriber] = await Promise.all([
    connectRedis(url, logger, resources),
    connectRedis(url, logger, resources),
  ]);
  const lock = new RedisLock(
    { commands, subscriber },
    { ...lockTimes(settings), strategy: settings.LOCK_STRATEGY },
  );
  resources.defer(() => lock.close());
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new FallingBackLock(lock));
    bind(HealthCheck).toConstantValue(new RedisHealthCheck(commands));
  });
}
