import type { GaleraCluster } from '../servers/galera/start-galera.js';
import { startMysql } from '../servers/mysql/start-mysql.js';
import { nginxKind } from '../servers/nginx/nginx-kind.js';
import type { ProxyOptions } from '../servers/nginx/render-proxy.js';
import { startRedis } from '../servers/redis/start-redis.js';
import type { Server } from '../servers/server.js';
import { bringUp } from '../servers/sources/bring-up.js';
import { startTogether } from '../servers/start-together.js';

/** The servers of a cluster without its instances. */
export interface ClusterServers {
  readonly database: Server;
  readonly redis: Server;
  readonly proxy: Server;
  /** Settings that lead an instance to Redis. */
  readonly redisSettings: Readonly<Record<string, string>>;
  /** All servers, if each of the engines has several. */
  readonly replicated?: ReplicatedServers | undefined;
}

/** The servers of each engine. */
export interface ReplicatedServers {
  readonly galera: GaleraCluster;
  /** Masters and replicas of the start. */
  readonly redis: readonly Server[];
  /** Empty with a Redis Cluster. */
  readonly sentinels: readonly Server[];
  /** Beside the first nginx. */
  readonly otherProxies: readonly Server[];
  /** All of them by their names in messages, without brokers and instances. */
  readonly parts: Readonly<Record<string, Server>>;
  /** @throws Error a member of the database or of Redis is missing, or lacks writes */
  expectWhole(): Promise<void>;
}

export interface ClusterServerOptions {
  /** Port of nginx. */
  readonly port: number;
  readonly proxy: ProxyOptions;
  /** Folder of the servers' logs. */
  readonly logFolder: string;
  /** Whether the database, Redis and Kafka that the environment names may be used. */
  readonly mayBeGiven: boolean;
}

/**
 * When memory is full, Redis evicts keys with a TTL: cache entries, and also lock keys. The control
 * keys of the cache have no TTL.
 */
export const REDIS_SETTINGS = { maxmemory: '256mb', 'maxmemory-policy': 'volatile-lru' };

/**
 * Starts all at the same time. `opened` gets each of them as soon as it runs.
 *
 * @throws ServerUnavailableError
 */
export async function startServers(
  { port, proxy, logFolder, mayBeGiven }: ClusterServerOptions,
  opened: AsyncDisposableStack,
): Promise<ClusterServers> {
  const sources = mayBeGiven ? (['given', 'binary'] as const) : (['binary'] as const);
  const [database, redis, nginx] = await startTogether(
    [
      startMysql({ variable: 'DATABASE_URL', sources, logFolder }),
      startRedis({ variable: 'REDIS_URL', sources, settings: REDIS_SETTINGS, logFolder }),
      bringUp(nginxKind(proxy), { sources: ['binary'], port, logFolder }),
    ],
    opened,
  );
  return { database, redis, proxy: nginx, redisSettings: { REDIS_URL: redis.url } };
}
