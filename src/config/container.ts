import { Container } from 'inversify';
import type { Logger } from 'pino';
import { type CacheObserver, silentCacheObserver } from '../adapters/cache/cache-observer.js';
import { type LockObserver, silentObserver } from '../adapters/lock/lock-observer.js';
import { applicationModule } from './application-module.js';
import { inProcessLockModule } from './in-process-lock-module.js';
import { inProcessQueueModule } from './in-process-queue-module.js';
import { Installation } from './installation.js';
import { kafkaQueueModule } from './kafka-queue-module.js';
import { localCacheModule } from './local-cache-module.js';
import { mysqlModule } from './mysql-module.js';
import { orderQueueModule } from './order-queue-module.js';
import { rankingModule } from './ranking-module.js';
import { redisCacheModule } from './redis-cache-module.js';
import { sharesCache, usesRedis } from './redis-lock.js';
import { redisLockModule } from './redis-lock-module.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';
import { sqliteModule } from './sqlite-module.js';
import { systemModule } from './system-module.js';

/** Who is told what happens, for `/metrics`. */
export interface Observers {
  readonly lock: LockObserver;
  readonly cache: CacheObserver;
}

const silentObservers: Observers = { lock: silentObserver, cache: silentCacheObserver };

/** Wires one instance: a technology is chosen by one line, and the line by a setting. */
export async function createContainer(
  settings: Settings,
  logger: Logger,
  resources: Resources,
  observers: Observers = silentObservers,
): Promise<Container> {
  const { DATABASE_URL: database, KAFKA_BROKERS: kafka } = settings;
  const container = new Container();
  container.load(
    systemModule,
    database
      ? await mysqlModule(settings, database, resources, logger)
      : await sqliteModule(settings, resources),
    usesRedis(settings)
      ? await redisLockModule(settings, resources, logger, observers.lock)
      : inProcessLockModule(settings, observers.lock),
    await rankingModule(settings, resources, logger),
    applicationModule(settings, logger),
    orderQueueModule(settings),
    kafka
      ? kafkaQueueModule(settings, kafka.map(addressOf), resources, logger)
      : inProcessQueueModule(logger),
  );
  container.load(
    sharesCache(settings)
      ? await redisCacheModule(
          settings,
          resources,
          logger,
          container.get(Installation),
          observers.cache,
        )
      : localCacheModule(settings, observers.cache),
  );
  return container;
}

function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}
