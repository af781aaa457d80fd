import type { CommandClient, SubscriberClient } from '../../redis/command-client.js';
import { TimedClient } from '../../redis/timed-client.js';
import { LinkedList } from '../../timeouts/linked-list.js';
import { GrantedLease } from '../leases/granted-lease.js';
import { type AcquireOptions, type Lease, Lock, LockUnavailableError } from '../lock.js';
import { GrantChannel } from '../protocol/grant-channel.js';
import { LockScripts } from '../protocol/lock-scripts.js';
import { ScriptBatch } from '../protocol/script-batch.js';
import { ServerClock } from '../protocol/server-clock.js';
import { type RedisLockSettings, redisLockSettings } from '../redis-lock-settings.js';
import { PubSubStrategy } from '../strategies/pub-sub-strategy.js';
import { SimpleStrategy } from '../strategies/simple-strategy.js';
import { SpinStrategy } from '../strategies/spin-strategy.js';
import type { CreateLease, WaitStrategy } from '../strategies/wait-strategy.js';
import { type LockRequest, lockRequest } from '../waiting/lock-request.js';

/** Connected node-redis clients. Their owner closes them after the lock. */
export interface RedisLockClients {
  readonly commands: CommandClient;
  /** A connection of its own, for the grants of this process only. */
  readonly subscriber: SubscriberClient;
}

/**
 * Locks for every process that shares one Redis.
 *
 * Redis ends a lease by its own clock. Here it ends earlier, because its time counts from before the
 * request. The strategies differ only in how they wait.
 */
export class RedisLock extends Lock {
  readonly #settings: RedisLockSettings;
  readonly #scripts: LockScripts;
  readonly #strategy: WaitStrategy;
  readonly #leases = new LinkedList<GrantedLease>();
  #closed = false;

  constructor(clients: RedisLockClients, settings: Partial<RedisLockSettings> = {}) {
    super();
    const chosen = redisLockSettings(settings);
    const server = new ServerClock(chosen.clock);
    const client = new TimedClient(clients.commands, chosen.commandTimeoutMs);
    this.#settings = chosen;
    this.#scripts = new LockScripts(
      client,
      new ScriptBatch(client, chosen.scripts.batch, chosen.floor, chosen.maxBatchSize),
      chosen.scripts,
      chosen.clock,
      server,
      chosen.commandTimeoutMs,
      chosen.floor,
    );
    const channel = new GrantChannel(
      clients.commands,
      clients.subscriber,
      this.#scripts,
      server,
      chosen,
    );
    this.#strategy = this.#strategyOver(channel);
  }

  override acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    // An async function would cost another promise.
    try {
      const request = lockRequest(keys, options, this.#settings);
      if (this.#closed) throw closed();
      return this.#strategy.acquire(request);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * The same with a checked request. Resolves with a GrantedLease when the request names `tokens`. May
   * throw before it returns a promise.
   */
  acquireFor(request: LockRequest): Promise<Lease> {
    if (this.#closed) throw closed();
    return this.#strategy.acquire(request);
  }

  /** Rejects all waiters and every later acquire, and releases all leases. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Before the keys are released: waiters of this process would get them.
    await this.#strategy.close(closed());
    const leases = this.#leases.clear();
    for (const lease of leases) lease.lose();
    await Promise.all(leases.map(({ grant }) => this.#scripts.release(grant)));
  }

  #createLease: CreateLease = (keys, grant, owner) => {
    if (!this.#closed) {
      return new GrantedLease(keys, grant, owner, this.#scripts, this.#leases, this.#settings);
    }
    void this.#scripts.release(grant);
    throw closed();
  };

  #strategyOver(channel: GrantChannel): WaitStrategy {
    const { strategy, backoff, clock, observer } = this.#settings;
    const once = new SimpleStrategy(
      this.#scripts,
      this.#settings,
      channel.process,
      observer,
      this.#createLease,
    );
    if (strategy === 'simple') return once;
    if (strategy === 'spin') return new SpinStrategy(once, backoff, clock);
    return new PubSubStrategy(this.#scripts, once, channel, this.#settings, this.#createLease);
  }
}

function closed(): LockUnavailableError {
  return new LockUnavailableError('redis', new Error('the lock is closed'));
}
