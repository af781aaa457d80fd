import { Container } from 'inversify';
import type { Logger } from 'pino';
import { type CacheObserver, silentCacheObserver } from '../adapters/cache/cache-observer.js';
import { type LockObserver, silentObserver } from '../adapters/lock/lock-observer.js';
import { applicationModule } from './application-module.js';
import { expiryModule } from './expiry-module.js';
import { inProcessLockModule } from './in-process-lock-module.js';
import { inProcessQueueModule } from './in-process-queue-module.js';
import { Installation } from './installation.js';
import { kafkaQueueModule } from './kafka-queue-module.js';
import { localCacheModule } from './local-cache-module.js';
import { mysqlModule } from './mysql-module.js';
import type { OrderQueueMetrics } from './order-queue-metrics.js';
import { orderQueueModule } from './order-queue-module.js';
import { type PaymentObserver, silentPayments } from './payment-metrics.js';
import { paymentModule } from './payment-module.js';
import { rankingModule } from './ranking-module.js';
import { redisCacheModule } from './redis-cache-module.js';
import { sharesCache, usesRedis } from './redis-lock.js';
import { redisLockModule } from './redis-lock-module.js';
import type { Resources } from './resources.js';
import type { Settings } from './settings.js';
import { sqliteModule } from './sqlite-module.js';
import { systemModule } from './system-module.js';
import { checkRedisTls } from './tls/start-checks.js';

/** Who is told what happens, for `/metrics`. */
export interface Observers {
  readonly lock: LockObserver;
  readonly cache: CacheObserver;
  readonly settlements: OrderQueueMetrics['settled'];
  readonly payments: PaymentObserver;
}

const silentObservers: Observers = {
  lock: silentObserver,
  cache: silentCacheObserver,
  settlements: () => {},
  payments: silentPayments,
};

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
  );
  // What is kept of this database elsewhere is kept under its name.
  const installation = container.get(Installation);
  if (usesRedis(settings)) await checkRedisTls(settings);
  // Together, so that a Redis that is away is waited for once.
  const onRedis = await Promise.all([
    usesRedis(settings)
      ? redisLockModule(settings, resources, logger, installation, observers.lock)
      : inProcessLockModule(settings, observers.lock),
    sharesCache(settings)
      ? redisCacheModule(settings, resources, logger, installation, observers.cache)
      : localCacheModule(settings, observers.cache),
    rankingModule(settings, resources, logger, installation),
  ]);
  container.load(
    ...onRedis,
    applicationModule(settings, logger),
    expiryModule(settings),
    paymentModule(settings, observers.payments),
    orderQueueModule(settings, observers.settlements),
    kafka
      ? await kafkaQueueModule(settings, kafka, resources, logger, installation)
      : inProcessQueueModule(settings, logger),
  );
  return container;
}
