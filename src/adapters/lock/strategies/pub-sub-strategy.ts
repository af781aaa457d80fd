import type { GrantChannel } from '../protocol/grant-channel.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import { type Grant, standingKeys } from '../protocol/redis-grant.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LockRequest } from '../waiting/lock-request.js';
import { Waiter } from '../waiting/waiter.js';
import { WaiterLimit } from '../waiting/waiter-limit.js';
import { WaitingGroup } from '../waiting/waiting-group.js';
import type { SimpleStrategy } from './simple-strategy.js';
import type { CreateLease, WaitStrategy } from './wait-strategy.js';

/**
 * The sleeping way: queues the processes in Redis and the waiters here, and sleeps until granted.
 *
 * Waiters of a process are served in arrival order, processes in turn.
 */
export class PubSubStrategy implements WaitStrategy {
  readonly #groups = new Map<string, WaitingGroup>();
  readonly #crowd: WaiterLimit;
  #closedBy: Error | undefined;

  constructor(
    private readonly scripts: LockScripts,
    private readonly once: SimpleStrategy,
    private readonly channel: GrantChannel,
    private readonly settings: RedisLockSettings,
    private readonly lend: CreateLease,
  ) {
    this.#crowd = new WaiterLimit(settings.maxWaiters);
    channel.isAwaited = () => this.#crowd.size > 0;
    channel.onGrant = (grant) => this.#receive(grant);
    channel.onGap = () => this.#eachGroup((group) => group.askAgain());
    channel.onDown = (reason) => this.#eachGroup((group) => group.fail(reason));
  }

  obtain(request: LockRequest): Promise<ReservedLease> {
    if (request.waitMs <= 0) return this.once.obtain(request);
    this.#crowd.admit(request.keys);
    return this.channel.isOpen ? this.#wait(request) : this.#listenAndWait(request);
  }

  giveBack(grant: Grant): Promise<void> {
    const group = this.#groups.get(grant.keys.id);
    return group ? group.giveBack(grant) : this.once.giveBack(grant);
  }

  forfeit(grant: Grant): void {
    this.#groups.get(grant.keys.id)?.forfeit(grant);
  }

  async close(reason: Error): Promise<void> {
    this.#closedBy = reason;
    this.#eachGroup((group) => group.fail(reason));
    await this.channel.close();
  }

  /** Listens before it asks: a grant must find somebody. */
  async #listenAndWait(request: LockRequest): Promise<ReservedLease> {
    this.#crowd.size += 1;
    try {
      await this.channel.open();
    } finally {
      this.#crowd.size -= 1;
    }
    if (this.#closedBy) throw this.#closedBy;
    request.signal?.throwIfAborted();
    return this.#wait(request);
  }

  #wait(request: LockRequest): Promise<ReservedLease> {
    const group = this.#groupFor(request);
    const waiter = new Waiter<ReservedLease>(request, (left) => group.remove(left));
    group.add(waiter);
    this.channel.watch();
    return waiter.promise;
  }

  #groupFor(request: LockRequest): WaitingGroup {
    const keys = standingKeys(request, this.settings, this.channel.process);
    let group = this.#groups.get(keys.id);
    if (!group) {
      group = new WaitingGroup(
        keys,
        this.scripts,
        this.settings,
        this.#crowd,
        this.lend,
        this.#forget,
      );
      this.#groups.set(keys.id, group);
    }
    return group;
  }

  #receive(grant: Grant): void {
    const group = this.#groups.get(grant.keys.id);
    this.settings.observer.handedOff('service');
    if (group) group.receive(grant);
    // Its waiters have left, and the message crossed with theirs.
    else void this.once.giveBack(grant);
  }

  #eachGroup(act: (group: WaitingGroup) => void): void {
    for (const group of [...this.#groups.values()]) act(group);
  }

  #forget = (group: WaitingGroup): void => {
    this.#groups.delete(group.keys.id);
  };
}
