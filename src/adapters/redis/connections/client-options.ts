import type { ConnectionOptions } from 'node:tls';
import type { ServerAddress } from '../redis-options.js';

/** A try to connect ends soon, and is repeated without end. */
export const redisSocketOptions = {
  connectTimeout: 400,
  reconnectStrategy: (retries: number) => Math.min(25 * 2 ** retries, 400),
};

/** How long a cluster's server may be down before the others are asked for its successor. */
const TOPOLOGY_REFRESH_MS = 500;

/** How often the sentinels are asked for the master, in addition to their announcements. */
const SENTINEL_SCAN_MS = 500;

/**
 * Disabled: to ask for them, node-redis first looks up the URL's host by DNS. That fails for an
 * IPv6 address in brackets, and no connection becomes ready.
 */
const maintNotifications = 'disabled';

/** Socket options, over TLS where it is given; a new object each time, since node-redis changes it. */
export function redisSocket(tls: ConnectionOptions | undefined) {
  return tls ? { ...redisSocketOptions, ...tls, tls: true as const } : { ...redisSocketOptions };
}

/**
 * Options of a node-redis client for a lock or a cache; its creator adds an `error` listener.
 *
 * No command is queued while the connection is down: it fails at once, and the client goes on
 * trying to connect.
 */
export function redisClientOptions(url: string, tls?: ConnectionOptions) {
  return { url, disableOfflineQueue: true, maintNotifications, socket: redisSocket(tls) } as const;
}

/** The same for a sentinel client. */
export function redisSentinelOptions(
  name: string,
  sentinels: readonly ServerAddress[],
  tls?: ConnectionOptions,
) {
  const { reconnectStrategy: _, ...sentinelSocket } = redisSocket(tls);
  return {
    name,
    sentinelRootNodes: [...sentinels],
    nodeClientOptions: {
      disableOfflineQueue: true,
      maintNotifications,
      socket: redisSocket(tls),
    } as const,
    sentinelClientOptions: { socket: sentinelSocket },
    scanInterval: SENTINEL_SCAN_MS,
    // One connection, so that scripts run in the order they are given.
    reserveClient: true,
    // A script must not run a second time, on the new master, after its caller has given up.
    maxCommandRediscovers: 0,
  };
}

/** The same for a cluster client. */
export function redisClusterOptions(nodes: readonly ServerAddress[], tls?: ConnectionOptions) {
  return {
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: {
      disableOfflineQueue: true,
      maintNotifications,
      socket: redisSocket(tls),
    } as const,
    topologyRefreshOnReconnectionAttemptStrategy: TOPOLOGY_REFRESH_MS,
  };
}
