import { Container } from 'inversify';
import type { Logger } from 'pino';
import { type CacheObserver, silentCacheObserver } from '../adapters/cache/cache-observer.js';
import { type LockObserver, silentObserver } from '../adapters/lock/lock-observer.js';
import { UuidV7Generator } from '../adapters/system/uuid-v7-generator.js';
import type { OrderQueueMetrics } from '../adapters/telemetry/order-queue-metrics.js';
import { type PaymentObserver, silentPayments } from '../adapters/telemetry/payment-metrics.js';
import type { Tracing } from '../adapters/telemetry/tracing/start-tracing.js';
import {
  silentUnitOfWorkObserver,
  type UnitOfWorkObserver,
} from '../application/unit-of-work/unit-of-work-observer.js';
import { IdGenerator } from '../domain/ports/id-generator.js';
import { applicationModule } from './modules/application-module.js';
import { localCacheModule, redisCacheModule } from './modules/cache-module.js';
import { databaseModule } from './modules/database-module.js';
import { limitsModule } from './modules/limits-module.js';
import { inProcessLockModule, redisLockModule } from './modules/lock-module.js';
import { paymentModule } from './modules/payment-module.js';
import { orderQueueModule } from './modules/queue/order-queue-module.js';
import { inProcessQueueModule } from './modules/queue/queue-module.js';
import { rankingModule } from './modules/ranking-module.js';
import { reservationModule } from './modules/reservation-module.js';
import { Installation } from './modules/sql-bindings.js';
import { unitOfWorkModule } from './modules/unit-of-work-module.js';
import { redisRefusal } from './redis-access.js';
import type { Resources } from './resources.js';
import { sharesCache, usesRedis } from './settings/redis-options-of.js';
import { type Settings, SettingsError } from './settings/settings.js';
import { checkRedisTls } from './settings/tls/start-checks.js';
import { tracePorts } from './tracing.js';

/** Receive events of the service, for `/metrics` and traces. */
export interface Observers {
  readonly lock: LockObserver;
  readonly cache: CacheObserver;
  readonly units: UnitOfWorkObserver;
  readonly settlements: OrderQueueMetrics['settled'];
  readonly payments: PaymentObserver;
  /** How stale an answer was, in milliseconds; without it nothing is sampled. */
  readonly staleness?: (ms: number) => void;
  /** Without it no spans are recorded. */
  readonly tracing?: Tracing | undefined;
}

const silentObservers: Observers = {
  lock: silentObserver,
  cache: silentCacheObserver,
  units: silentUnitOfWorkObserver,
  settlements: () => {},
  payments: silentPayments,
};

/** Wires one instance. Settings choose the technology of each port. */
export async function createContainer(
  settings: Settings,
  logger: Logger,
  resources: Resources,
  observers: Observers = silentObservers,
): Promise<Container> {
  const { KAFKA_BROKERS: kafka } = settings;
  const container = new Container();
  const { tracing } = observers;
  if (tracing) tracePorts(container, tracing);
  container.bind(IdGenerator).toConstantValue(new UuidV7Generator());
  container.load(await databaseModule(settings, resources, logger));
  // Names of this database's data in other servers contain its id.
  const installation = container.get(Installation);
  if (usesRedis(settings)) await checkRedisTls(settings);
  // All at the same time, so that a start waits only once for a Redis that is down.
  const [refusal, ...onRedis] = await Promise.all([
    redisRefusal(settings, logger),
    usesRedis(settings)
      ? redisLockModule(settings, resources, logger, installation, observers.lock)
      : inProcessLockModule(settings, observers.lock),
    sharesCache(settings)
      ? redisCacheModule(settings, resources, logger, installation, observers.cache)
      : localCacheModule(settings, observers.cache),
    rankingModule(settings, resources, logger, installation),
    limitsModule(settings, resources, logger, installation),
  ]);
  if (refusal) throw new SettingsError(refusal);
  const queue = kafka
    ? (await import('./modules/queue/kafka-queue-module.js')).kafkaQueueModule(
        settings,
        kafka,
        resources,
        logger,
        installation,
        tracing?.messages,
      )
    : inProcessQueueModule(settings, logger, tracing?.messages);
  container.load(
    ...onRedis,
    unitOfWorkModule(settings, logger, resources, observers),
    applicationModule(settings),
    reservationModule(settings),
    paymentModule(settings, observers.payments),
    orderQueueModule(settings, observers.settlements),
    await queue,
  );
  return container;
}
