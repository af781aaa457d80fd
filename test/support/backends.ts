import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 } from 'uuid';
import { startKafka } from '../../tools/servers/kafka/start-kafka.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { TEST_LOG_LEVEL } from './log-level.js';

/** Environment variables of an instance. */
export type Env = Readonly<Record<string, string>>;

/** A kind of database and lock that the same tests run on. */
export interface Backend {
  readonly name: string;
  /** A data folder and, with servers, a database that no other suite uses. */
  open(): Promise<OpenBackend>;
}

export interface OpenBackend extends AsyncDisposable {
  readonly env: Env;
}

export const embedded: Backend = {
  name: 'SQLite with the in-process lock',
  // Long, because on a busy machine a product may wait long before it is written.
  open: async () => withFolder(async () => ({ CACHE_HOLD_OFF_MS: '60000' })),
};

export const servers: Backend = {
  name: 'MySQL with the Redis lock',
  open: () =>
    withFolder(async (resources) => {
      const database = resources.use(await startMysql());
      const redis = resources.use(await startRedis());
      return { DATABASE_URL: await database.createDatabase(), REDIS_URL: redis.url };
    }),
};

export const serversWithKafka: Backend = {
  name: 'MySQL with the Redis lock and Kafka',
  open: () =>
    withFolder(async (resources) => {
      const { env } = resources.use(await servers.open());
      const kafka = resources.use(await startKafka());
      const { DATABASE_URL = '', REDIS_URL = '' } = env;
      const topic = `test-${v7()}`;
      return { DATABASE_URL, REDIS_URL, KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: topic };
    }),
};

export const backends: readonly Backend[] = [embedded, servers];

async function withFolder(
  connect: (resources: AsyncDisposableStack) => Promise<Env>,
): Promise<OpenBackend> {
  const resources = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'lockstep-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const env = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: TEST_LOG_LEVEL,
    SEED_DEMO: 'false',
    // The reads of the monitor would change what tests count.
    CACHE_STALENESS_SAMPLE: '0',
    // A busy machine is late by itself.
    EVENT_LOOP_DELAY_MAX_MS: '0',
    DATA_DIR: folder,
    ...(await connect(resources)),
  };
  return { env, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
