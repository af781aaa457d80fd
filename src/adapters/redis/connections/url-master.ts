import { RedisClient } from '@redis/client';
import type { RedisClients } from '../command-client.js';
import type { ConnectionOptions, RedisMaster } from '../redis-options.js';
import { redisClientOptions } from './client-options.js';
import { watchConnection } from './connection-watchdog.js';
import { keepLastFailure } from './last-failure.js';
import { connectedInTime, observerOf, reachability } from './reachability.js';

/** Its own `create` would define all commands for each client. */
const createClient = RedisClient.factory();

/** The server of a URL. After a failover behind that address, its connections lead to the new master. */
export class UrlMaster implements RedisMaster {
  readonly isCluster = false;
  readonly #closing: (() => void)[] = [];

  constructor(
    private readonly url: string,
    private readonly options: ConnectionOptions,
  ) {}

  async connect(): Promise<RedisClients> {
    const [commands, subscriber] = await Promise.all([this.#open(), this.#open()]);
    return { commands, subscriber };
  }

  connectCommands(): Promise<RedisClients['commands']> {
    return this.#open();
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) close();
  }

  async #open() {
    const client = createClient(redisClientOptions(this.url, this.options.tls));
    const observer = observerOf(this.options);
    const { failed, recovered } = reachability(observer);
    client.on('error', failed);
    client.on('ready', recovered);
    keepLastFailure(client);
    const stopWatching = watchConnection(client, observer);
    this.#closing.push(() => {
      stopWatching();
      client.destroy();
    });
    await connectedInTime(client.connect());
    return client;
  }
}
