import type { Container } from 'inversify';
import { pino } from 'pino';
import { createContainer } from '../../../../src/config/container.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import { type Backend, type Env, serversWithKafka } from '../../../support/backends.js';
import { startSandbox } from '../../../support/sandbox.js';
import { startTestService, type TestService } from '../../../support/test-service.js';

/** An instance on real servers, and what a test needs to move all that the instance measures. */
export interface MeteredShop extends TestService {
  /** A Redis that no other suite uses. */
  readonly redis: Server;
  /** Ports of another instance on the same servers, which answers no requests and runs no jobs. */
  readonly other: Container;
}

/** Everything is measured and repeated often, and small limits are reached with few requests. */
const OFTEN: Env = {
  CACHE_STALENESS_SAMPLE: '1',
  CACHE_L1_MAX_ENTRIES: '2',
  // Seconds remain for a write, and less than ten until a new Redis keeps anything.
  CACHE_HOLD_OFF_MS: '9000',
  DB_QUERY_MS: '2500',
  DB_POOL_MAX: '6',
  HTTP_MAX_PIPELINED: '5',
  TRUSTED_PROXIES: 'loopback',
  RATE_LIMIT_ADDRESS_READS: '3',
  EVENT_LOOP_DELAY_MAX_MS: '1000',
  LOCK_LEASE_MS: '2000',
  LOCK_MAX_WAITERS: '20',
  KAFKA_PARTITIONS: '2',
  QUEUE_MEASURE_MS: '50',
  LIKES_FLUSH_MS: '20',
  POPULAR_REFRESH_MS: '50',
  OUTBOX_RELAY_MS: '50',
  ORDER_REQUEST_RETENTION_MS: '1',
  RETENTION_SWEEP_MS: '50',
};

export async function startMeteredShop(): Promise<MeteredShop> {
  await using resources = new AsyncDisposableStack();
  const redis = resources.use(await startRedis({ sources: ['docker', 'binary'] }));
  const sandbox = resources.use(await startSandbox());
  const backend: Backend = {
    name: 'servers of its own',
    open: async () => {
      const open = await serversWithKafka.open();
      return { ...open, env: { ...open.env, REDIS_URL: redis.url } };
    },
  };
  const shop = resources.use(await startTestService(backend, { ...sandbox.env, ...OFTEN }));
  const { KAFKA_BROKERS: _, ...env } = shop.env;
  const settings = readSettings({ ...env, INSTANCE_ID: 'other' });
  const opened = resources.use(new AsyncDisposableStack());
  const other = await createContainer(settings, pino({ level: 'silent' }), opened);
  const owned = resources.move();
  return { ...shop, redis, other, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
