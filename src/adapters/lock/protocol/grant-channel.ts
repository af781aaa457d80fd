import { randomBytes } from 'node:crypto';
import type { CommandClient, SubscriberClient } from '../../redis/command-client.js';
import { LockUnavailableError } from '../lock.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { LockScripts } from './lock-scripts.js';
import { type Grant, parseGrant } from './redis-grant.js';
import type { ServerClock } from './server-clock.js';

/** Where this process hears of its grants, and notices that it may have missed one. */
export class GrantChannel {
  /** Names this process in Redis: in few bytes, for it stands in every key that is held. */
  readonly process = randomBytes(6).toString('base64url');
  readonly name: string;
  isOpen = false;
  onGrant: (grant: Grant) => void = () => {};
  /** Messages may have been lost since the last call. */
  onGap: () => void = () => {};
  /** Redis does not answer. */
  onDown: (reason: unknown) => void = () => {};
  /** Whether anybody waits for a grant. */
  isAwaited: () => boolean = () => false;
  #opening: Promise<void> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly commands: CommandClient,
    private readonly subscriber: SubscriberClient,
    private readonly scripts: LockScripts,
    private readonly server: ServerClock,
    private readonly settings: RedisLockSettings,
  ) {
    this.name = `${settings.prefix}grant:${this.process}`;
    commands.on('ready', this.#reconnected);
    subscriber.on('ready', this.#gap);
  }

  /** @throws LockUnavailableError the subscription is not confirmed in time */
  async open(): Promise<void> {
    // node-redis subscribes again by itself after every reconnection.
    this.#opening ??= this.subscriber.subscribe(this.name, this.#hear).then(
      () => {
        this.isOpen = true;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw new LockUnavailableError('redis', error);
      },
    );
    await this.#inTime(this.#opening);
  }

  /** Looks after Redis from now on, for those who wait send nothing. */
  watch(): void {
    this.#heartbeat ??= setInterval(this.#beat, this.settings.heartbeatMs / 2);
  }

  async close(): Promise<void> {
    this.#rest();
    this.commands.off('ready', this.#reconnected);
    this.subscriber.off('ready', this.#gap);
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.#inTime(this.subscriber.unsubscribe(this.name)).catch(() => undefined);
  }

  #hear = (message: string): void => {
    const told = parseGrant(message);
    if (told) this.onGrant(this.scripts.handedOver(told));
  };

  #reconnected = (): void => {
    this.server.forget();
    this.onGap();
  };

  #gap = (): void => this.onGap();

  #beat = (): void => {
    if (!this.isAwaited()) this.#rest();
    else if (this.server.silentMs() >= this.settings.heartbeatMs) {
      this.scripts.ping().catch((reason: unknown) => this.onDown(reason));
    }
  };

  #rest(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  async #inTime(answer: Promise<unknown>): Promise<void> {
    const { commandTimeoutMs } = this.settings;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const cause = new Error(`no subscription in ${commandTimeoutMs} ms`);
      timer = setTimeout(() => reject(new LockUnavailableError('redis', cause)), commandTimeoutMs);
    });
    try {
      await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
