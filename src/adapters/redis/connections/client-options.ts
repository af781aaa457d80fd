import type { ConnectionOptions } from 'node:tls';
import type { ServerAddress } from '../redis-options.js';

/** One attempt to connect ends soon; it is repeated without end. */
export const redisSocketOptions = {
  connectTimeout: 400,
  reconnectStrategy: (retries: number) => Math.min(25 * 2 ** retries, 400),
};

/** How long a server of a cluster may be down before other servers are asked for its successor. */
const TOPOLOGY_REFRESH_MS = 500;

/** How often the sentinels are asked for the master, in addition to their announcements. */
const SENTINEL_SCAN_MS = 500;

/** What a client sends when it has connected. */
const handshake = {
  /**
   * Disabled: to ask for them, node-redis first looks up the URL's host by DNS. That fails for an
   * IPv6 address in brackets, and no connection becomes ready.
   */
  maintNotifications: 'disabled',
  /** CLIENT SETINFO needs a right of its own since Redis 7.2. Redis 7.0 does not know that right. */
  disableClientInfo: true,
} as const;

/**
 * Socket options, with TLS if it is given. Returns a new object each time, because node-redis
 * changes it.
 */
export function redisSocket(tls: ConnectionOptions | undefined) {
  return tls ? { ...redisSocketOptions, ...tls, tls: true as const } : { ...redisSocketOptions };
}

/**
 * Options of a node-redis client for a lock or a cache; its creator adds an `error` listener.
 *
 * While the connection is down, no command is queued: it fails at once, and the client keeps trying
 * to connect.
 */
export function redisClientOptions(url: string, tls?: ConnectionOptions) {
  return { url, disableOfflineQueue: true, ...handshake, socket: redisSocket(tls) } as const;
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
      ...handshake,
      socket: redisSocket(tls),
    } as const,
    sentinelClientOptions: { socket: sentinelSocket },
    scanInterval: SENTINEL_SCAN_MS,
    // One connection, so that scripts run in the order of the calls.
    reserveClient: true,
    // A script must not run a second time, on the new master, after its caller has stopped waiting.
    maxCommandRediscovers: 0,
  };
}

/** The same for a cluster client. */
export function redisClusterOptions(nodes: readonly ServerAddress[], tls?: ConnectionOptions) {
  return {
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: {
      disableOfflineQueue: true,
      ...handshake,
      socket: redisSocket(tls),
    } as const,
    topologyRefreshOnReconnectionAttemptStrategy: TOPOLOGY_REFRESH_MS,
  };
}
