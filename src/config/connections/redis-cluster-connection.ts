import type { Logger } from 'pino';
import { createCluster } from 'redis';
import { ClusterNodes } from '../../adapters/lock/cluster-nodes.js';
import { lockClusterOptions } from '../../adapters/redis/lock-client-options.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import type { TlsOptions } from '../settings/tls/tls-options.js';
import { connected, keepConnecting, reachability } from './redis-connection.js';

/** Connections to every master of a Redis Cluster. */
export async function connectRedisCluster(
  servers: NonNullable<Settings['REDIS_CLUSTER']>,
  logger: Logger,
  resources: Resources,
  tls?: TlsOptions,
) {
  const cluster = createCluster(lockClusterOptions(servers, tls));
  const { away, back } = reachability(logger);
  cluster.on('error', away);
  cluster.on('node-error', away);
  cluster.on('node-ready', back);
  const nodes = new ClusterNodes(cluster);
  const stop = new AbortController();
  resources.defer(async () => {
    stop.abort();
    nodes.destroy();
    cluster.destroy();
  });
  await connected(
    keepConnecting(() => cluster.connect(), stop.signal),
    logger,
  );
  return { cluster, nodes };
}
