import { createSentinel, type RedisSentinelType } from '@redis/client';
import type { RedisClients } from '../command-client.js';
import type { ConnectionOptions, RedisMaster, ServerAddress } from '../redis-options.js';
import { redisSentinelOptions } from './client-options.js';
import { keepLastFailure } from './last-failure.js';
import { connectedInTime, connectUntilReady, observerOf, reachability } from './reachability.js';
import { SentinelCommands, SentinelSubscriber } from './sentinel-clients.js';

export interface SentinelAddress {
  readonly master: string;
  readonly sentinels: readonly ServerAddress[];
}

/** The master that the sentinels name, and its successor after a failover. */
export class SentinelMaster implements RedisMaster {
  readonly isCluster = false;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(
    private readonly address: SentinelAddress,
    private readonly options: ConnectionOptions,
  ) {}

  async connect(): Promise<RedisClients> {
    const sentinel = this.#sentinel();
    // Created before the sentinel client connects: its first master is a change as well.
    const subscriber = new SentinelSubscriber(sentinel, this.options.tls);
    this.#closing.push(async () => subscriber.destroy());
    return { commands: await this.#connect(sentinel), subscriber };
  }

  connectCommands(): Promise<RedisClients['commands']> {
    return this.#connect(this.#sentinel());
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  #sentinel(): RedisSentinelType {
    const { master, sentinels } = this.address;
    const sentinel = createSentinel(redisSentinelOptions(master, sentinels, this.options.tls));
    const { failed, recovered } = reachability(observerOf(this.options));
    sentinel.on('error', failed);
    sentinel.on('ready', recovered);
    return sentinel as unknown as RedisSentinelType;
  }

  async #connect(sentinel: RedisSentinelType): Promise<SentinelCommands> {
    const stop = new AbortController();
    this.#closing.unshift(() => sentinel.destroy());
    this.#closing.push(async () => stop.abort());
    const commands = new SentinelCommands(sentinel);
    keepLastFailure(commands);
    await connectedInTime(connectUntilReady(() => sentinel.connect(), stop.signal));
    return commands;
  }
}
