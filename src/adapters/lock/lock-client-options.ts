/**
 * Options for the node-redis clients of a RedisLock; its creator adds an `error` listener.
 *
 * Nothing is queued while the connection is down, and the connection is tried again for good:
 * a lock must say at once that it cannot be had, and must come back by itself.
 */
export function lockClientOptions(url: string) {
  return {
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 400,
      reconnectStrategy: (retries: number) => Math.min(25 * 2 ** retries, 400),
    },
  };
}
