import { startKafka } from '../servers/kafka/start-kafka.js';
import { startMysql } from '../servers/mysql/start-mysql.js';
import { startRedis } from '../servers/redis/start-redis.js';
import type { Server } from '../servers/server.js';

/** The servers that all tests share. What is left of a failed start ends with this process. */
export async function startTestServers(): Promise<AsyncDisposable> {
  const [database, redis, kafka] = await Promise.all([startMysql(), startRedis(), startKafka()]);
  const named = `database ${describe(database)}, Redis ${describe(redis)}`;
  console.log(`servers: ${named}, Kafka ${kafka.brokers} (${kafka.way})`);
  // Tests, and the processes they start, find the servers by the environment.
  process.env['TEST_DATABASE_URL'] = database.url;
  process.env['TEST_REDIS_URL'] = redis.url;
  process.env['TEST_KAFKA_BROKERS'] = kafka.brokers;
  const stack = new AsyncDisposableStack();
  stack.use(database);
  stack.use(redis);
  stack.use(kafka);
  return stack;
}

function describe({ url, way }: Server): string {
  return `${new URL(url).host} (${way})`;
}
