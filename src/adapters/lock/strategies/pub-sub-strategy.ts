import type { GrantChannel } from '../protocol/grant-channel.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import { type Grant, lockTarget } from '../protocol/redis-grant.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LockRequest } from '../waiting/lock-request.js';
import { RedisWaiterGroup } from '../waiting/redis-waiter-group.js';
import { WaiterLimit } from '../waiting/waiter-queue.js';
import type { SimpleStrategy } from './simple-strategy.js';
import type { CreateLease, WaitStrategy } from './wait-strategy.js';

/**
 * `pubsub`: queues the processes in Redis and the waiters here, and sleeps until a grant comes.
 *
 * Waiters of a process are served in arrival order, processes in turn.
 */
export class PubSubStrategy implements WaitStrategy {
  readonly #groups = new Map<string, RedisWaiterGroup>();
  readonly #limit: WaiterLimit;
  #closedBy: Error | undefined;

  constructor(
    private readonly scripts: LockScripts,
    private readonly once: SimpleStrategy,
    private readonly channel: GrantChannel,
    private readonly settings: RedisLockSettings,
    private readonly createLease: CreateLease,
  ) {
    this.#limit = new WaiterLimit(settings.maxWaiters);
    channel.isAwaited = () => this.#limit.size > 0;
    channel.onGrant = (grant) => this.#receive(grant);
    channel.onPossibleLoss = () => this.#eachGroup((group) => group.askAgain());
    channel.onDown = (reason) => this.#eachGroup((group) => group.fail(reason));
  }

  acquire(request: LockRequest): Promise<ReservedLease> {
    if (request.waitMs <= 0) return this.once.acquire(request);
    this.#limit.admit(request.keys);
    return this.channel.isOpen ? this.#wait(request) : this.#listenAndWait(request);
  }

  release(grant: Grant): Promise<void> {
    const group = this.#groups.get(grant.keys.id);
    return group ? group.release(grant) : this.once.release(grant);
  }

  onLost(grant: Grant): void {
    this.#groups.get(grant.keys.id)?.onLost(grant);
  }

  async close(reason: Error): Promise<void> {
    this.#closedBy = reason;
    this.#eachGroup((group) => group.fail(reason));
    await this.channel.close();
  }

  /** Subscribes before it asks: Redis grants to nobody who does not listen. */
  async #listenAndWait(request: LockRequest): Promise<ReservedLease> {
    this.#limit.size += 1;
    try {
      // @plant subscribe-after-asking
      await this.channel.open();
    } finally {
      this.#limit.size -= 1;
    }
    if (this.#closedBy) throw this.#closedBy;
    request.signal?.throwIfAborted();
    return this.#wait(request);
  }

  #wait(request: LockRequest): Promise<ReservedLease> {
    const lease = this.#groupFor(request).wait(request);
    this.channel.watch();
    return lease;
  }

  #groupFor(request: LockRequest): RedisWaiterGroup {
    const keys = lockTarget(request, this.settings, this.channel.process);
    let group = this.#groups.get(keys.id);
    if (!group) {
      const onIdle = () => this.#groups.delete(keys.id);
      group = new RedisWaiterGroup(
        keys,
        this.scripts,
        this.settings,
        this.#limit,
        this.createLease,
        onIdle,
      );
      this.#groups.set(keys.id, group);
    }
    return group;
  }

  #receive(grant: Grant): void {
    const group = this.#groups.get(grant.keys.id);
    this.settings.observer.handedOff('service');
    if (group) group.receive(grant);
    // All waiters have left, while the message was on its way.
    else void this.once.release(grant);
  }

  #eachGroup(act: (group: RedisWaiterGroup) => void): void {
    for (const group of [...this.#groups.values()]) act(group);
  }
}
