import type { RedisClusterType } from '@redis/client';
import type { CommandClient, RedisClients } from '../command-client.js';
import { RedisUnavailableError } from '../redis-unavailable-error.js';

type NodeClient = Awaited<ReturnType<RedisClusterType['nodeClient']>>;

/** How long a new connection to a server may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 400;

/** The masters of a cluster client, each with a connection for commands and one for subscriptions. */
export class ClusterNodes {
  /**
   * Keyed by the client of a server: a server that left the cluster and came back has a new client.
   */
  readonly #clients = new WeakMap<NodeClient, Promise<RedisClients>>();
  readonly #subscribers = new Set<NodeClient>();

  constructor(private readonly cluster: RedisClusterType) {}

  /**
   * Connections to the master of a slot: the same objects until that master is replaced.
   *
   * @throws RedisUnavailableError no known master of the slot, or it cannot be reached
   */
  async ownerOf(slot: number): Promise<RedisClients> {
    const node = this.cluster.slots[slot]?.master;
    if (!node) throw new RedisUnavailableError(new Error(`no server keeps slot ${slot}`));
    const commands = await inTime(this.cluster.nodeClient(node));
    let clients = this.#clients.get(commands);
    if (!clients) {
      clients = this.#connect(commands);
      this.#clients.set(commands, clients);
    }
    return inTime(clients);
  }

  /** Closes the subscription connections; the owner of the cluster client closes that client. */
  destroy(): void {
    for (const subscriber of this.#subscribers) subscriber.destroy();
    this.#subscribers.clear();
  }

  async #connect(commands: NodeClient): Promise<RedisClients> {
    const subscriber = commands.duplicate();
    // The connection for commands reports the same failures.
    subscriber.on('error', () => undefined);
    this.#subscribers.add(subscriber);
    commands.once('end', () => {
      if (this.#subscribers.delete(subscriber)) subscriber.destroy();
    });
    await subscriber.connect();
    return { commands: new NodeCommands(commands, this.cluster), subscriber };
  }
}

/**
 * Commands to one server. When a key has moved, the cluster client repeats the command at its new
 * server, and learns the new place of the slot.
 */
class NodeCommands implements CommandClient {
  constructor(
    private readonly client: NodeClient,
    private readonly cluster: RedisClusterType,
  ) {}

  get isReady(): boolean {
    return this.client.isReady;
  }

  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown> {
    return this.client.sendCommand(args, options).catch((error: unknown) => {
      if (!(error instanceof Error) || !/^(MOVED|ASK) /.test(error.message)) throw error;
      // EVALSHA sha 1 key: a script has all its keys in one slot.
      return this.cluster.sendCommand(args[3], false, [...args], options);
    });
  }

  on(event: 'ready' | 'error', listener: (error?: unknown) => void): void {
    this.client.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: (error?: unknown) => void): void {
    this.client.off(event, listener);
  }
}

/** @throws RedisUnavailableError the connection fails, or is not ready in time */
async function inTime<T>(connecting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const cause = new Error(`not connected in ${CONNECT_TIMEOUT_MS} ms`);
    timer = setTimeout(() => reject(cause), CONNECT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    throw new RedisUnavailableError(error);
  } finally {
    clearTimeout(timer);
  }
}
