import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { CommandSender, RedisClients } from './command-client.js';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** One server by its URL, the master that sentinels name, or a Redis Cluster. */
export type RedisAddress =
  | { readonly url: string }
  | { readonly master: string; readonly sentinels: readonly ServerAddress[] }
  | { readonly clusterNodes: readonly ServerAddress[] };

/** Learns about changes of a connection, for the log. */
export interface ConnectionObserver {
  /** The first failure of several in a row. */
  unreachable(error: unknown): void;
  reachable(): void;
  /** The server refuses writes; the client connects again. */
  writesRefused(error: unknown): void;
  writesTaken(): void;
}

export interface ConnectionOptions {
  /** Options of Node's TLS; undefined: the connection is plain text. */
  readonly tls?: TlsOptions | undefined;
  readonly observer?: ConnectionObserver | undefined;
}

export interface RedisOptions extends ConnectionOptions {
  readonly address: RedisAddress;
}

/** A single master: the server of a URL, or the current master that the sentinels name. */
export interface RedisMaster {
  readonly isCluster: false;
  connect(): Promise<RedisClients>;
  /** One connection, for commands only; every key is on this server. */
  connectCommands(key: string): Promise<CommandSender>;
  /** Closes every connection that was opened here. */
  close(): Promise<void>;
}
