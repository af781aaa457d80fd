import { startGalera } from '../../servers/galera/start-galera.js';
import { nginxKind } from '../../servers/nginx/nginx-kind.js';
import { startRedisCluster } from '../../servers/redis/start-redis-cluster.js';
import { startRedisSentinels } from '../../servers/redis/start-redis-sentinels.js';
import type { Server } from '../../servers/server.js';
import { bringUp } from '../../servers/sources/bring-up.js';
import { startTogether } from '../../servers/start-together.js';
import {
  type ClusterServerOptions,
  type ClusterServers,
  REDIS_SETTINGS,
} from '../cluster-servers.js';

/** A master that does not answer for this time is replaced, in milliseconds. */
export const REDIS_DOWN_AFTER_MS = 1_500;

type Options = ClusterServerOptions & { readonly redisCluster?: boolean };

/**
 * Starts several servers of each engine, all on this machine. `opened` gets each as soon as it runs.
 *
 * @throws ServerUnavailableError
 */
export async function startReplicatedServers(
  { port, proxy, logFolder, redisCluster = false }: Options,
  opened: AsyncDisposableStack,
): Promise<ClusterServers> {
  const startNginx = (number: number) =>
    bringUp(
      { ...nginxKind(proxy), slug: `nginx-${number}` },
      { sources: ['binary'], port: port + number - 1, logFolder },
    );
  const [galera, redis, first, second] = await startTogether(
    [
      startGalera({ logFolder }),
      redisCluster ? startSlots(logFolder) : startWatched(logFolder),
      startNginx(1),
      startNginx(2),
    ],
    opened,
  );
  const parts = {
    haproxy: galera.haproxy,
    ...named('Galera member', galera.members),
    ...named('Redis', redis.servers),
    ...named('Sentinel', redis.sentinels),
    ...named('nginx', [first, second]),
  };
  const replicated = {
    galera,
    redis: redis.servers,
    sentinels: redis.sentinels,
    otherProxies: [second],
    parts,
    expectWhole: async () => {
      await Promise.all([galera.expectWhole(), redis.expectWhole()]);
    },
  };
  return {
    database: galera.haproxy,
    redis: redis.servers[0] as Server,
    proxy: first,
    redisSettings: redis.settings,
    replicated,
  };
}

interface StartedRedis extends AsyncDisposable {
  readonly servers: readonly Server[];
  readonly sentinels: readonly Server[];
  readonly settings: Readonly<Record<string, string>>;
  expectWhole(): Promise<void>;
}

async function startWatched(logFolder: string): Promise<StartedRedis> {
  const redis = await startRedisSentinels({
    replicas: 2,
    downAfterMs: REDIS_DOWN_AFTER_MS,
    settings: REDIS_SETTINGS,
    logFolder,
  });
  const { masterName, servers, sentinels, expectWhole } = redis;
  const settings = { REDIS_SENTINELS: hostsOf(sentinels), REDIS_SENTINEL_MASTER: masterName };
  return { servers, sentinels, settings, expectWhole, [Symbol.asyncDispose]: redis.close };
}

async function startSlots(logFolder: string): Promise<StartedRedis> {
  const cluster = await startRedisCluster({ withReplicas: true, logFolder });
  const { masters, replicas, expectWhole, close } = cluster;
  const settings = { REDIS_CLUSTER: hostsOf(masters) };
  const servers = [...masters, ...replicas];
  return { servers, sentinels: [], settings, expectWhole, [Symbol.asyncDispose]: close };
}

function hostsOf(servers: readonly Server[]): string {
  return servers.map(({ url }) => new URL(url).host).join(',');
}

function named(name: string, servers: readonly Server[]): Record<string, Server> {
  return Object.fromEntries(servers.map((server, i) => [`${name} ${i + 1}`, server]));
}
