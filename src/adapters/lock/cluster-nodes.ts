import type { RedisClusterType } from 'redis';
import type { CommandClient } from '../redis/command-client.js';
import type { SlotOwners } from './cluster-lock.js';
import { LockUnavailableError } from './lock.js';
import type { RedisLockClients } from './redis-lock.js';

type NodeClient = Awaited<ReturnType<RedisClusterType['nodeClient']>>;

/** How long a server that is being connected to is waited for, in milliseconds. */
const CONNECT_PATIENCE_MS = 400;

/** The servers of a cluster client, each with a connection for commands and one for grants. */
export class ClusterNodes implements SlotOwners {
  /** By the client of a server: a server that left and came back has another. */
  readonly #clients = new WeakMap<NodeClient, Promise<RedisLockClients>>();
  readonly #subscribers = new Set<NodeClient>();

  constructor(private readonly cluster: RedisClusterType) {}

  async ownerOf(slot: number): Promise<RedisLockClients> {
    const node = this.cluster.slots[slot]?.master;
    if (!node) throw unavailable(new Error(`no server keeps slot ${slot}`));
    const commands = await inTime(this.cluster.nodeClient(node));
    let clients = this.#clients.get(commands);
    if (!clients) {
      clients = this.#connect(commands);
      this.#clients.set(commands, clients);
    }
    return inTime(clients);
  }

  /** Ends the connections for grants; the cluster client's owner ends that. */
  destroy(): void {
    for (const subscriber of this.#subscribers) subscriber.destroy();
    this.#subscribers.clear();
  }

  async #connect(commands: NodeClient): Promise<RedisLockClients> {
    const subscriber = commands.duplicate();
    // Whatever ails the server is said by the connection for commands.
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
 * Commands to one server. A key that has moved is followed by the cluster client, which also
 * learns by that where its slot is now.
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

  on(event: 'ready' | 'error', listener: () => void): void {
    this.client.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: () => void): void {
    this.client.off(event, listener);
  }
}

/** @throws LockUnavailableError no connection, or none in time */
async function inTime<T>(connecting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const cause = new Error(`not connected in ${CONNECT_PATIENCE_MS} ms`);
    timer = setTimeout(() => reject(cause), CONNECT_PATIENCE_MS);
  });
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): LockUnavailableError {
  return new LockUnavailableError('redis', cause);
}
