import { randomBytes } from 'node:crypto';
import type { CommandClient, SubscriberClient } from '../../redis/command-client.js';
import { LockUnavailableError } from '../lock.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { LockScripts } from './lock-scripts.js';
import { type Grant, parseGrant } from './redis-grant.js';
import type { ServerClock } from './server-clock.js';

/** Receives the grants that Redis publishes to this process, and notices when one may be lost. */
export class GrantChannel {
  /** The name of this process in Redis: short, because every held key contains it. */
  readonly process = randomBytes(6).toString('base64url');
  readonly name: string;
  isOpen = false;
  onGrant: (grant: Grant) => void = () => {};
  /** Messages may have been lost since the last call. */
  onPossibleLoss: () => void = () => {};
  /** Redis does not reply to the heartbeat. */
  onDown: (reason: unknown) => void = () => {};
  /** Whether an acquire waits for a grant. */
  isAwaited: () => boolean = () => false;
  /** The heartbeat stops, because no acquire waits. */
  onQuiet: () => void = () => {};
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
    subscriber.on('ready', this.#possibleLoss);
  }

  /** @throws LockUnavailableError the subscription is not confirmed in time */
  async open(): Promise<void> {
    // node-redis subscribes again by itself after every reconnection.
    this.#opening ??= this.subscriber.subscribe(this.name, this.#onMessage).then(
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

  /** Starts the heartbeat: waiters send nothing, so they would not notice that Redis is down. */
  watch(): void {
    this.#heartbeat ??= setInterval(this.#beat, this.settings.heartbeatMs / 2);
  }

  async close(): Promise<void> {
    this.#stopHeartbeat();
    this.commands.off('ready', this.#reconnected);
    this.subscriber.off('ready', this.#possibleLoss);
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.#inTime(this.subscriber.unsubscribe(this.name)).catch(() => undefined);
  }

  #onMessage = (message: string): void => {
    const published = parseGrant(message);
    // @plant herd-wakes
    if (published) this.onGrant(this.scripts.handedOver(published));
    // @end herd-wakes
  };

  #reconnected = (): void => {
    this.server.forget();
    this.onPossibleLoss();
  };

  #possibleLoss = (): void => this.onPossibleLoss();

  #beat = (): void => {
    if (!this.isAwaited()) {
      this.#stopHeartbeat();
      this.onQuiet();
    } else if (this.server.silentMs() >= this.settings.heartbeatMs) {
      this.scripts.ping().catch((reason: unknown) => this.onDown(reason));
    }
  };

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  async #inTime(subscription: Promise<unknown>): Promise<void> {
    const { commandTimeoutMs } = this.settings;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const cause = new Error(`no subscription in ${commandTimeoutMs} ms`);
      timer = setTimeout(() => reject(new LockUnavailableError('redis', cause)), commandTimeoutMs);
    });
    try {
      await Promise.race([subscription, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
