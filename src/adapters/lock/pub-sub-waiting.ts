import { LockBusyError } from '../../domain/ports/lock-port.js';
import type { FailAtOnce } from './fail-at-once.js';
import type { GrantChannel } from './grant-channel.js';
import type { LockRequest } from './lock-request.js';
import type { LockScripts } from './lock-scripts.js';
import { type Grant, standingKeys } from './redis-grant.js';
import type { RedisLockSettings } from './redis-lock-settings.js';
import { Waiter } from './waiter.js';
import type { Waiting } from './waiting.js';
import { WaitingGroup } from './waiting-group.js';

/**
 * The sleeping way: queues the processes in Redis and the waiters here, and sleeps until granted.
 *
 * Waiters of a process are served in arrival order, processes in turn.
 */
export class PubSubWaiting implements Waiting {
  readonly #groups = new Map<string, WaitingGroup>();
  #waiting = 0;

  constructor(
    private readonly scripts: LockScripts,
    private readonly once: FailAtOnce,
    private readonly channel: GrantChannel,
    private readonly settings: RedisLockSettings,
  ) {
    channel.isAwaited = () => this.#waiting > 0;
    channel.onGrant = (grant) => this.#receive(grant);
    channel.onGap = () => this.#eachGroup((group) => group.askAgain());
    channel.onDown = (reason) => this.#eachGroup((group) => group.fail(reason));
  }

  async obtain(request: LockRequest): Promise<Grant> {
    if (request.waitMs <= 0) return this.once.obtain(request);
    if (this.#waiting >= this.settings.maxWaiters) {
      throw new LockBusyError(request.keys, 'queue_full');
    }
    this.#waiting += 1;
    try {
      // Before asking: a grant must find somebody who listens.
      if (!this.channel.isOpen) await this.channel.open();
      request.signal?.throwIfAborted();
      return await this.#wait(request);
    } finally {
      this.#waiting -= 1;
    }
  }

  giveBack(grant: Grant): Promise<void> {
    const group = this.#groups.get(grant.keys.owner);
    return group ? group.giveBack(grant) : this.once.giveBack(grant);
  }

  forfeit(grant: Grant): void {
    this.#groups.get(grant.keys.owner)?.forfeit(grant);
  }

  async close(reason: Error): Promise<void> {
    this.#eachGroup((group) => group.fail(reason));
    await this.channel.close();
  }

  #wait(request: LockRequest): Promise<Grant> {
    const group = this.#groupFor(request);
    const waiter = new Waiter<Grant>(request, (left) => group.remove(left));
    group.add(waiter);
    this.channel.watch();
    return waiter.promise;
  }

  #groupFor(request: LockRequest): WaitingGroup {
    const keys = standingKeys(request, this.settings.prefix, this.channel.name);
    let group = this.#groups.get(keys.owner);
    if (!group) {
      group = new WaitingGroup(
        keys,
        this.scripts,
        this.settings.standDelayMs,
        this.settings.observer,
        this.#forget,
      );
      this.#groups.set(keys.owner, group);
    }
    return group;
  }

  #receive(grant: Grant): void {
    const group = this.#groups.get(grant.keys.owner);
    this.settings.observer.handedOff('service');
    if (group) group.receive(grant);
    // Its waiters have left, and the message crossed with theirs.
    else void this.once.giveBack(grant);
  }

  #eachGroup(act: (group: WaitingGroup) => void): void {
    for (const group of [...this.#groups.values()]) act(group);
  }

  #forget = (group: WaitingGroup): void => {
    this.#groups.delete(group.keys.owner);
  };
}
