import { EventEmitter } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import { createClient, type RedisSentinelType } from '@redis/client';
import type { CommandClient, SubscriberClient } from '../command-client.js';
import type { ServerAddress } from '../redis-options.js';
import { redisSocket } from './client-options.js';

type Listener = (message: string) => void;

/** Pause before a failed subscription is tried again, in milliseconds. */
const RETRY_MS = 100;

/** Commands to the server that the sentinels name as the master. */
export class SentinelCommands implements CommandClient {
  constructor(private readonly sentinel: RedisSentinelType) {}

  get isReady(): boolean {
    return this.sentinel.isReady;
  }

  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown> {
    return this.sentinel.sendCommand(false, [...args], options);
  }

  on(event: 'ready' | 'error', listener: (error?: unknown) => void): void {
    this.sentinel.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: (error?: unknown) => void): void {
    this.sentinel.off(event, listener);
  }
}

/**
 * Subscribes at the master, and at its successor after a failover. The event `ready` means that
 * messages may have been lost before, and that later ones arrive.
 *
 * It has its own connection, since the sentinel client does not report its reconnections.
 */
export class SentinelSubscriber implements SubscriberClient {
  readonly #channels = new Map<string, Listener>();
  readonly #events = new EventEmitter();
  #client: ReturnType<typeof createSubscriber> | undefined;

  /** Create it before the sentinel client connects: its first master is a change as well. */
  constructor(
    private readonly sentinel: RedisSentinelType,
    private readonly tls?: ConnectionOptions,
  ) {
    sentinel.on('topology-change', this.#changed);
  }

  async subscribe(channel: string, listener: Listener): Promise<void> {
    this.#channels.set(channel, listener);
    if (!this.#client) throw new Error('no master is known');
    await this.#client.subscribe(channel, listener);
  }

  async unsubscribe(channel: string): Promise<void> {
    this.#channels.delete(channel);
    await this.#client?.unsubscribe(channel);
  }

  on(event: 'ready' | 'error', listener: () => void): void {
    this.#events.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: () => void): void {
    this.#events.off(event, listener);
  }

  destroy(): void {
    this.sentinel.off('topology-change', this.#changed);
    this.#client?.destroy();
    this.#client = undefined;
  }

  #changed = (event: { readonly type: string; readonly node?: ServerAddress }): void => {
    if (event.type === 'MASTER_CHANGE' && event.node) this.#follow(event.node);
  };

  #follow(master: ServerAddress): void {
    this.#client?.destroy();
    const client = createSubscriber(master, this.tls);
    this.#client = client;
    this.#listen(client).catch(() => {
      // It was destroyed, or its connection was lost while it subscribed.
      const retry = () => this.#client === client && this.#follow(master);
      setTimeout(retry, RETRY_MS).unref();
    });
  }

  async #listen(client: ReturnType<typeof createSubscriber>): Promise<void> {
    await client.connect();
    const channels = [...this.#channels];
    await Promise.all(channels.map(([name, listener]) => client.subscribe(name, listener)));
    if (this.#client !== client) return;
    // node-redis subscribes again by itself after a reconnection to the same server.
    client.on('ready', this.#ready);
    this.#ready();
  }

  #ready = (): void => {
    this.#events.emit('ready');
  };
}

function createSubscriber({ host, port }: ServerAddress, tls: ConnectionOptions | undefined) {
  const client = createClient({ socket: { ...redisSocket(tls), host, port } });
  // The sentinel client reports the same failures.
  client.on('error', () => undefined);
  return client;
}
