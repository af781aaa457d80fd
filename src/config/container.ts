import { Container } from 'inversify';
import type { Logger } from 'pino';
import { type CacheObserver, silentCacheObserver } from '../adapters/cache/cache-observer.js';
import { type LockObserver, silentObserver } from '../adapters/lock/decorators/lock-observer.js';
import type { OrderQueueMetrics } from '../adapters/telemetry/order-queue-metrics.js';
import { type PaymentObserver, silentPayments } from '../adapters/telemetry/payment-metrics.js';
import { applicationModule } from './modules/application-module.js';
import { expiryModule } from './modules/expiry-module.js';
import { inProcessLockModule } from './modules/in-process-lock-module.js';
import { inProcessQueueModule } from './modules/in-process-queue-module.js';
import { Installation } from './modules/installation.js';
import { kafkaQueueModule } from './modules/kafka-queue-module.js';
import { localCacheModule } from './modules/local-cache-module.js';
import { mysqlModule } from './modules/mysql-module.js';
import { orderQueueModule } from './modules/order-queue-module.js';
import { paymentModule } from './modules/payment-module.js';
import { rankingModule } from './modules/ranking-module.js';
import { redisCacheModule } from './modules/redis-cache-module.js';
import { redisLockModule } from './modules/redis-lock-module.js';
import { sqliteModule } from './modules/sqlite-module.js';
import { systemModule } from './modules/system-module.js';
import type { Resources } from './resources.js';
import { sharesCache, usesRedis } from './settings/redis-options-of.js';
import type { Settings } from './settings/settings.js';
import { checkRedisTls } from './settings/tls/start-checks.js';

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
