import { type Lease, LockBusyError } from '../lock.js';
import type { GrantChannel } from '../protocol/grant-channel.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import { type Grant, lockNames, lockTarget } from '../protocol/redis-grant.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { LockRequest } from '../waiting/lock-request.js';
import { RedisWaiterGroup } from '../waiting/redis-waiter-group.js';
import { WaiterGroups } from '../waiting/waiter-groups.js';
import type { WaiterLimit } from '../waiting/waiter-queue.js';
import type { SimpleStrategy } from './simple-strategy.js';
import type { CreateLease, WaitStrategy } from './wait-strategy.js';

/**
 * `pubsub`: queues the processes in Redis and the waiters here, and sleeps until a grant comes.
 *
 * Waiters of a process are served in arrival order, processes in turn.
 */
export class PubSubStrategy implements WaitStrategy {
  /** By the keys, the lease and the tokens, which both a request and a message name. */
  readonly #groups = new WaiterGroups<RedisWaiterGroup>();
  readonly #limit: WaiterLimit;
  #closedBy: Error | undefined;

  constructor(
    private readonly scripts: LockScripts,
    private readonly once: SimpleStrategy,
    private readonly channel: GrantChannel,
    private readonly settings: RedisLockSettings,
    private readonly createLease: CreateLease,
  ) {
    this.#limit = settings.limit;
    // The limit counts the waiters of all servers of a cluster.
    channel.isAwaited = () => this.#limit.size > 0 && this.#groups.isBusy;
    channel.onQuiet = () => this.#groups.forgetIdle();
    channel.onGrant = (grant) => this.#receive(grant);
    channel.onPossibleLoss = () => this.#eachGroup((group) => group.askAgain());
    channel.onDown = (reason) => this.#eachGroup((group) => group.fail(reason));
  }

  acquire(request: LockRequest): Promise<Lease> {
    if (request.waitMs <= 0) return this.#tryOnce(request);
    // A lease for several slots is counted by its ClusterLock.
    if (request.tokens === undefined) this.#limit.admit(request.keys);
    if (!this.channel.isOpen) return this.#listenAndWait(request);
    this.channel.watch();
    return this.#groupFor(request).wait(request);
  }

  async close(reason: Error): Promise<void> {
    this.#closedBy = reason;
    this.#eachGroup((group) => group.fail(reason));
    await this.channel.close();
  }

  #tryOnce(request: LockRequest): Promise<Lease> {
    // Others of this process hold these keys, or wait for them.
    const names = lockNames(request.keys, this.settings.prefix);
    const id = this.#idOf(names, request.leaseMs, this.#tokensOf(request));
    if (this.#groups.busy(id)) throw new LockBusyError(request.keys);
    return this.once.acquire(request);
  }

  /** Subscribes before it asks: Redis grants to nobody who does not listen. */
  async #listenAndWait(request: LockRequest): Promise<Lease> {
    this.#limit.size += 1;
    try {
      // @plant subscribe-after-asking
      await this.channel.open();
    } finally {
      this.#limit.size -= 1;
    }
    if (this.#closedBy) throw this.#closedBy;
    request.signal?.throwIfAborted();
    this.channel.watch();
    return this.#groupFor(request).wait(request);
  }

  #groupFor(request: LockRequest): RedisWaiterGroup {
    const { settings } = this;
    const { keys, leaseMs } = request;
    const names = lockNames(keys, settings.prefix);
    const tokens = this.#tokensOf(request);
    const id = this.#idOf(names, leaseMs, tokens);
    let group = this.#groups.get(id);
    if (!group) {
      group = new RedisWaiterGroup(
        lockTarget(names, leaseMs, tokens, settings.slotTag, this.channel.process),
        this.scripts,
        this.createLease,
        settings,
        this.#limit,
      );
      this.#groups.add(id, group);
    }
    return group;
  }

  #tokensOf({ tokens = this.settings.turns }: LockRequest): number {
    return tokens;
  }

  /** A name ends with a brace, so none is taken for the line with lease and tokens. */
  #idOf(names: readonly string[], leaseMs: number, tokens: number): string {
    const { settings } = this;
    const lines = names.length === 1 ? (names[0] ?? '') : names.join('\n');
    // Mostly the name itself, so that no other text is built and hashed.
    if (leaseMs === settings.leaseMs && tokens === settings.turns) return lines;
    return `${lines}\n${leaseMs}:${tokens}`;
  }

  #receive(grant: Grant): void {
    const { names, leaseMs, tokens } = grant.keys;
    const group = this.#groups.busy(this.#idOf(names, leaseMs, tokens));
    this.settings.observer.handedOff('service');
    if (group) group.receive(grant);
    // All waiters have left, while the message was on its way.
    else void this.once.release(grant);
  }

  #eachGroup(act: (group: RedisWaiterGroup) => void): void {
    for (const group of this.#groups.all()) act(group);
  }
}
