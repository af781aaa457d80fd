import { createCluster, type RedisClusterType } from '@redis/client';
import type { CommandSender } from '../command-client.js';
import type { ConnectionOptions, ServerAddress } from '../redis-options.js';
import { redisClusterOptions } from './client-options.js';
import { ClusterNodes } from './cluster-nodes.js';
import { connectedInTime, connectUntilReady, observerOf, reachability } from './reachability.js';

/** Every master of a Redis Cluster. */
export class RedisCluster {
  readonly isCluster = true;
  readonly #closing: (() => void)[] = [];

  constructor(
    private readonly seeds: readonly ServerAddress[],
    private readonly options: ConnectionOptions,
  ) {}

  async connect() {
    const cluster = await this.#open();
    const nodes = new ClusterNodes(cluster);
    this.#closing.push(() => nodes.destroy());
    return { cluster, nodes };
  }

  /** Sends commands to the server of this key, which keeps all keys of its slot. */
  async connectCommands(key: string): Promise<CommandSender> {
    const cluster = await this.#open();
    return {
      sendCommand: (args, options) => cluster.sendCommand(key, false, [...args], options),
    };
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) close();
  }

  async #open(): Promise<RedisClusterType> {
    const cluster = createCluster(redisClusterOptions(this.seeds, this.options.tls));
    const { failed, recovered } = reachability(observerOf(this.options));
    cluster.on('error', failed);
    cluster.on('node-error', failed);
    cluster.on('node-ready', recovered);
    const stop = new AbortController();
    this.#closing.push(() => {
      stop.abort();
      cluster.destroy();
    });
    await connectedInTime(connectUntilReady(() => cluster.connect(), stop.signal));
    return cluster as unknown as RedisClusterType;
  }
}
