import type { ConnectionOptions } from 'node:tls';

/** A connection is given up soon, and tried again for good. */
export const lockSocketOptions = {
  connectTimeout: 400,
  reconnectStrategy: (retries: number) => Math.min(25 * 2 ** retries, 400),
};

/** How long a cluster's server may be away before the others are asked who took over. */
const TOPOLOGY_PATIENCE_MS = 500;

/** How often the sentinels are asked for the master, beside what they announce. */
const SENTINEL_SCAN_MS = 500;

/**
 * Not asked for: before it asks, node-redis looks the host of the URL up by DNS, and with an IPv6
 * address, which stands there in brackets, no connection is ever ready.
 */
const maintNotifications = 'disabled';

/** Over TLS, or in plain text without it; anew, since node-redis writes the URL's host into it. */
export function lockSocket(tls: ConnectionOptions | undefined) {
  return tls ? { ...lockSocketOptions, ...tls, tls: true as const } : { ...lockSocketOptions };
}

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Options for the node-redis clients of a RedisLock; its creator adds an `error` listener.
 *
 * Nothing is queued while the connection is down, and the connection is tried again for good:
 * a lock must say at once that it cannot be had, and must come back by itself.
 */
export function lockClientOptions(url: string, tls?: ConnectionOptions) {
  return { url, disableOfflineQueue: true, maintNotifications, socket: lockSocket(tls) } as const;
}

/** The same for the sentinel client of a RedisLock. */
export function lockSentinelOptions(
  name: string,
  sentinels: readonly ServerAddress[],
  tls?: ConnectionOptions,
) {
  const { reconnectStrategy: _, ...sentinelSocket } = lockSocket(tls);
  return {
    name,
    sentinelRootNodes: [...sentinels],
    nodeClientOptions: {
      disableOfflineQueue: true,
      maintNotifications,
      socket: lockSocket(tls),
    } as const,
    sentinelClientOptions: { socket: sentinelSocket },
    scanInterval: SENTINEL_SCAN_MS,
    // One connection, so that scripts run in the order they are given.
    reserveClient: true,
    // A script must not run a second time, on the new master, after its caller gave it up.
    maxCommandRediscovers: 0,
  };
}

/** The same for the cluster client of a ClusterLock. */
export function lockClusterOptions(nodes: readonly ServerAddress[], tls?: ConnectionOptions) {
  return {
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: {
      disableOfflineQueue: true,
      maintNotifications,
      socket: lockSocket(tls),
    } as const,
    topologyRefreshOnReconnectionAttemptStrategy: TOPOLOGY_PATIENCE_MS,
  };
}
