import { startMysql } from '../servers/mysql/start-mysql.js';
import { nginxKind } from '../servers/nginx/nginx-kind.js';
import type { ProxyOptions } from '../servers/nginx/render-proxy.js';
import { startRedis } from '../servers/redis/start-redis.js';
import type { Server } from '../servers/server.js';
import { bringUp } from '../servers/ways/bring-up.js';

/** The servers of a cluster without its instances. */
export interface ClusterServers {
  readonly database: Server;
  readonly redis: Server;
  readonly proxy: Server;
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
 * Starts all at the same time. `opened` gets each of them as soon as it runs.
 *
 * @throws ServerUnavailableError
 */
export async function startServers(
  { port, proxy, logFolder, mayBeGiven }: ClusterServerOptions,
  opened: AsyncDisposableStack,
): Promise<ClusterServers> {
  const ways = mayBeGiven ? (['given', 'binary'] as const) : (['binary'] as const);
  // When memory is full, Redis evicts keys with a TTL: cache entries, and also lock keys. The
  // control keys of the cache have no TTL.
  const settings = { maxmemory: '256mb', 'maxmemory-policy': 'volatile-lru' };
  const starts = [
    startMysql({ variable: 'DATABASE_URL', ways, logFolder }),
    startRedis({ variable: 'REDIS_URL', ways, settings, logFolder }),
    bringUp(nginxKind(proxy), { ways: ['binary'], port, logFolder }),
  ].map(async (start) => opened.use(await start));
  // After a failure the others still finish their start, so that they can be ended.
  const outcomes = await Promise.allSettled(starts);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  const [database, redis, nginx] = (await Promise.all(starts)) as [Server, Server, Server];
  return { database, redis, proxy: nginx };
}
