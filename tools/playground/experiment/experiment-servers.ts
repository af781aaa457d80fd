import type { Experiment, Need, Servers } from '../../../src/experiments/experiment.js';
import { startKafka } from '../../servers/kafka/start-kafka.js';
import { startMysql } from '../../servers/mysql/start-mysql.js';
import { startRedis } from '../../servers/redis/start-redis.js';
import { type Server, ServerUnavailableError } from '../../servers/server.js';
import { startTogether } from '../../servers/start-together.js';

/** Ways to start a server that an experiment may stop: never one that others use. */
const OWN = ['docker', 'binary'] as const;

/** Why an experiment is left out, if it was not named. */
export interface Missing {
  readonly need: Need;
  readonly reason: string;
}

/** The servers of a run, and the reasons for those that are missing. */
export interface ExperimentServers {
  readonly servers: Servers;
  readonly missing: readonly Missing[];
}

/**
 * Starts the servers that these experiments need and that DATABASE_URL, REDIS_URL and KAFKA_BROKERS
 * do not name, and no others; `opened` ends those that were started.
 *
 * @throws ServerUnavailableError a database or a Redis cannot be started
 */
export async function startExperimentServers(
  experiments: readonly Pick<Experiment, 'needs'>[],
  opened: AsyncDisposableStack,
): Promise<ExperimentServers> {
  const isNeeded = (need: Need) => experiments.some(({ needs }) => needs === need);
  const missing: Missing[] = [];
  const optional = async <T extends Server>(need: Need, start: () => Promise<T>) => {
    if (!isNeeded(need)) return undefined;
    return start().catch((error: unknown) => {
      if (!(error instanceof ServerUnavailableError)) throw error;
      missing.push({ need, reason: error.message });
      return undefined;
    });
  };
  const [database, redis, kafka, stoppableRedis] = await startTogether(
    [
      startMysql({ variable: 'DATABASE_URL' }),
      startRedis({ variable: 'REDIS_URL' }),
      optional('kafka', () => startKafka({ variable: 'KAFKA_BROKERS' })),
      optional('a Redis to stop', () => startRedis({ sources: OWN })),
    ],
    opened,
  );
  const servers = { databaseUrl: database.url, redisUrl: redis.url };
  return { servers: { ...servers, kafkaBrokers: kafka?.brokers, stoppableRedis }, missing };
}
