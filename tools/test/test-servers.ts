import { brokersOf } from '../servers/kafka/kafka-kind.js';
import { startKafka } from '../servers/kafka/start-kafka.js';
import { startMysql } from '../servers/mysql/start-mysql.js';
import { startRedis } from '../servers/redis/start-redis.js';
import type { Server } from '../servers/server.js';

export type TestServer = 'database' | 'Redis' | 'Kafka';

/** A server that tests share. Tests and their processes find it by an environment variable. */
interface SharedServer {
  readonly variable: string;
  /** The module that a test file imports if it uses this server. */
  readonly module: string;
  readonly start: () => Promise<Server>;
  readonly addressOf: (server: Server) => string;
  /** The address without a password. */
  readonly shown: (server: Server) => string;
}

const SERVERS: Readonly<Record<TestServer, SharedServer>> = {
  database: {
    variable: 'TEST_DATABASE_URL',
    module: 'dist/tools/servers/mysql/start-mysql.js',
    start: startMysql,
    addressOf: ({ url }) => url,
    shown: ({ url }) => new URL(url).host,
  },
  Redis: {
    variable: 'TEST_REDIS_URL',
    module: 'dist/tools/servers/redis/start-redis.js',
    start: startRedis,
    addressOf: ({ url }) => url,
    shown: ({ url }) => new URL(url).host,
  },
  Kafka: {
    variable: 'TEST_KAFKA_BROKERS',
    module: 'dist/tools/servers/kafka/start-kafka.js',
    start: startKafka,
    addressOf: ({ url }) => brokersOf(url),
    shown: ({ url }) => brokersOf(url),
  },
};

const TEST_SERVERS = Object.keys(SERVERS) as readonly TestServer[];

/** The servers of a test that imports these files. */
export function serversFor(imports: ReadonlySet<string>): readonly TestServer[] {
  return TEST_SERVERS.filter((name) => imports.has(SERVERS[name].module));
}

/** Starts the servers at the same time. After a failed start the others end with this process. */
export async function startTestServers(names = TEST_SERVERS): Promise<AsyncDisposable> {
  const servers = await Promise.all(names.map((name) => SERVERS[name].start()));
  const stack = new AsyncDisposableStack();
  const shown = names.map((name, index) => {
    const server = servers[index] as Server;
    stack.use(server);
    process.env[SERVERS[name].variable] = SERVERS[name].addressOf(server);
    return `${name} ${SERVERS[name].shown(server)} (${server.source})`;
  });
  if (shown.length > 0) console.log(`servers: ${shown.join(', ')}`);
  return stack;
}
