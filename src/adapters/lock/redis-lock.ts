import type { CommandClient, SubscriberClient } from '../redis/command-client.js';
import { LinkedList } from '../timeouts/linked-list.js';
import { GrantedLease } from './leases/granted-lease.js';
import { type Lease, LeaseLostError, LockUnavailableError } from './lock.js';
import { GrantChannel } from './protocol/grant-channel.js';
import { LockScripts } from './protocol/lock-scripts.js';
import { ScriptBatch } from './protocol/script-batch.js';
import { ScriptRunner } from './protocol/script-runner.js';
import { ServerClock } from './protocol/server-clock.js';
import { type RedisLockSettings, redisLockSettings } from './redis-lock-settings.js';
import { type ReservedLease, ReservingLock, type ReservingOptions } from './reserving-lock.js';
import { PubSubStrategy } from './strategies/pub-sub-strategy.js';
import { SimpleStrategy } from './strategies/simple-strategy.js';
import { SpinStrategy } from './strategies/spin-strategy.js';
import type { CreateLease, WaitStrategy } from './strategies/wait-strategy.js';
import { lockRequest } from './waiting/lock-request.js';
import { rejectOnThrow } from './waiting/reject-on-throw.js';

/** Connected node-redis clients; their owner closes them, after the lock. */
export interface RedisLockClients {
  readonly commands: CommandClient;
  /** Its own connection, used for the grants of this process only. */
  readonly subscriber: SubscriberClient;
}

/**
 * Locks for every process that shares one Redis.
 *
 * Redis ends a lease by its own clock; here it ends earlier, counted from before the request was
 * sent. The strategy is the way of waiting: everything else, and every script, is shared.
 */
export class RedisLock extends ReservingLock {
  readonly #settings: RedisLockSettings;
  readonly #scripts: LockScripts;
  readonly #strategy: WaitStrategy;
  readonly #leases = new LinkedList<GrantedLease>();
  #closed = false;

  constructor(clients: RedisLockClients, settings: Partial<RedisLockSettings> = {}) {
    super();
    const chosen = redisLockSettings(settings);
    const server = new ServerClock(chosen.clock);
    const runner = new ScriptRunner(clients.commands, chosen.commandTimeoutMs);
    this.#settings = chosen;
    this.#scripts = new LockScripts(
      runner,
      new ScriptBatch(runner, chosen.scripts, chosen.floor, chosen.maxBatchSize),
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

  /** `options.tokens` reserves a block of fencing tokens, for whoever passes the lease on. */
  override acquire(keys: readonly string[], options?: ReservingOptions): Promise<ReservedLease> {
    return rejectOnThrow(() => {
      const request = lockRequest(keys, options, this.#settings);
      if (this.#closed) throw closed();
      return this.#strategy.obtain(request);
    });
  }

  /**
   * Makes `lastToken` the last token of the keys of a lease, for one who holds it together with
   * leases of other servers.
   *
   * @throws LeaseLostError, or LockUnavailableError when it is not known whether it was done
   */
  async raise(lease: Lease, lastToken: number): Promise<void> {
    const grant = lease instanceof GrantedLease && lease.isLinked ? lease.grant : undefined;
    const raised = grant && (await this.#scripts.raise(grant, lastToken));
    if (!raised) throw new LeaseLostError(lease.keys);
  }

  /** Refuses those who wait and those who come, and gives back what is still held. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Before the keys are given back, or those who wait here would get them.
    await this.#strategy.close(closed());
    const leases = this.#leases.clear();
    for (const lease of leases) lease.lose();
    await Promise.all(leases.map(({ grant }) => this.#strategy.giveBack(grant)));
  }

  #lend: CreateLease = (request, grant) => {
    if (this.#closed) {
      void this.#strategy.giveBack(grant);
      throw closed();
    }
    const keeper = {
      isHandedOver: grant.isHandedOver,
      renew: () => this.#scripts.renew(grant),
      prolong: (lastToken: number) => this.#scripts.raise(grant, lastToken),
      giveBack: () => {
        this.#leases.delete(lease);
        return this.#strategy.giveBack(grant);
      },
      forfeit: () => {
        this.#leases.delete(lease);
        this.#strategy.forfeit(grant);
        request.onLost?.();
      },
    };
    const lease = new GrantedLease(request, grant, keeper, this.#settings);
    this.#leases.add(lease);
    return lease;
  };

  #strategyOver(channel: GrantChannel): WaitStrategy {
    const { strategy, backoff, clock, observer } = this.#settings;
    const once = new SimpleStrategy(
      this.#scripts,
      this.#settings,
      channel.process,
      observer,
      this.#lend,
    );
    if (strategy === 'simple') return once;
    if (strategy === 'spin') return new SpinStrategy(once, backoff, clock);
    return new PubSubStrategy(this.#scripts, once, channel, this.#settings, this.#lend);
  }
}

function closed(): LockUnavailableError {
  return new LockUnavailableError('redis', new Error('the lock is closed'));
}
