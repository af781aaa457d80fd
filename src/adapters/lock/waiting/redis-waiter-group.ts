import type { GrantedLease, GrantOwner } from '../leases/granted-lease.js';
import type { AcquireListener, AcquireReply } from '../protocol/lock-call.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import type { Grant, LockTarget } from '../protocol/redis-grant.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { CreateLease } from '../strategies/wait-strategy.js';
import { WaiterGroup } from './waiter-group.js';
import type { WaiterLimit } from './waiter-queue.js';

/**
 * The waiters of this process for keys that one server keeps. The process stands in the queues of Redis
 * once for all of them.
 *
 * The phases:
 *
 * - `idle`: nothing is requested. The group may hold a lease.
 * - `asking`: a request is under way. A grant that comes as a message waits for the reply, because
 *   only the reply shows whether the grant is still valid.
 * - `queued`: Redis will publish a grant. A timer asks again when the lease in the way must be over:
 *   the message may be lost, or the holder may have crashed.
 */
export class RedisWaiterGroup extends WaiterGroup<GrantedLease> implements GrantOwner {
  #phase: 'idle' | 'asking' | 'queued' = 'idle';
  #timer: NodeJS.Timeout | undefined;
  /** A grant that came as a message during `asking`. */
  #message: Grant | undefined;
  /** The last token known: a message with a token up to this one is old. */
  #lastToken = 0;
  /** Counts requests: the reply to any but the last is old. */
  #rounds = 0;

  constructor(
    private readonly keys: readonly string[],
    private readonly target: LockTarget,
    private readonly scripts: LockScripts,
    private readonly createLease: CreateLease,
    protected override readonly settings: RedisLockSettings,
    limit: WaiterLimit,
    onIdle: () => void,
  ) {
    super(settings, limit, onIdle);
  }

  /** Handles a grant that came as a message. */
  receive(grant: Grant): void {
    if (grant.lastToken <= this.#lastToken) return;
    if (this.#phase === 'asking') this.#message = grant;
    else this.#accept(grant);
  }

  /** Messages may have been lost, or Redis may have lost its memory. */
  askAgain(): void {
    if (this.#phase !== 'asking' && this.hasWaiters && !this.isPassingOn) this.ask();
  }

  /** Releases the keys; queues the process again in the same step when somebody waits. */
  release(grant: Grant): Promise<void> {
    if (this.lease?.grant === grant) this.lease = undefined;
    if (this.#phase === 'idle' && this.hasWaiters) {
      return new Promise((resolve) => {
        this.scripts.releaseAndRequeue(grant, this.#round(resolve, grant));
      });
    }
    this.checkIdle();
    return this.scripts.release(grant);
  }

  /** The lease of this grant ended before its holder released it. */
  onLost(grant: Grant): void {
    if (this.lease?.grant !== grant) return;
    this.lease = undefined;
    if (this.#phase === 'idle') this.askAgain();
    this.checkIdle();
  }

  /** Rejects all waiters. */
  fail(reason: unknown): void {
    this.#message = undefined;
    this.#rounds += 1;
    if (this.#phase === 'asking') this.#enter('idle');
    this.#leaveQueue();
    this.rejectAll(reason);
  }

  protected override get isAsking(): boolean {
    return this.#phase !== 'idle';
  }

  protected override onContended(): void {
    super.onContended();
    if (this.#phase === 'idle' && !this.isPassingOn) this.#requeueSoon();
  }

  protected override endLease(lease: GrantedLease): Promise<void> {
    // It comes back as `release` of its grant.
    return lease.release();
  }

  protected override onAbandoned(): void {
    this.#leaveQueue();
  }

  protected override ask = (): void => {
    this.scripts.acquire(this.target, this.lease?.grant.lastToken ?? 0, this.#round());
  };

  /**
   * Handles the reply to the next request; a failure rejects the waiters. `released` is the grant that
   * the request releases, if any; `done` is called when the request has ended.
   */
  #round(done?: () => void, released?: Grant): AcquireListener {
    this.#enter('asking');
    this.#rounds += 1;
    const round = this.#rounds;
    return {
      onReply: (reply) => {
        if (round === this.#rounds) this.#onReply(reply, released !== undefined);
        else this.#onLateReply(reply);
        done?.();
      },
      onFailure: (reason) => {
        if (released) void this.scripts.release(released);
        if (round === this.#rounds) this.fail(reason);
        done?.();
      },
      onLateReply: this.#onLateReply,
    };
  }

  #onReply({ grant, leftMs, lastToken }: AcquireReply, handedOff: boolean): void {
    const message = this.#message;
    this.#message = undefined;
    if (grant) {
      if (handedOff) this.settings.observer.handedOff('service');
      this.#accept(grant);
      return;
    }
    this.#lastToken = Math.max(this.#lastToken, lastToken);
    this.#enter('queued');
    // One millisecond more: the timer must not fire before the lease is over.
    const afterMs = (leftMs || this.target.leaseMs) + 1;
    // @plant timer-never-fires
    this.#timer = setTimeout(this.ask, afterMs);
    if (message) this.receive(message);
    else if (!this.hasWaiters) this.#leaveQueue();
  }

  #accept(grant: Grant): void {
    this.#enter('idle');
    this.#lastToken = grant.lastToken;
    if (!this.hasWaiters) {
      // All waiters have left.
      void this.scripts.release(grant);
      this.checkIdle();
      return;
    }
    if (grant.term.isOver(this.settings.clock.now())) {
      // The process was stopped, or does not know the time of the server: the grant may be over.
      this.ask();
      return;
    }
    this.begin(this.createLease(this.keys, grant, this));
    if (this.hasWaiters && !this.isPassingOn) this.#requeueSoon();
  }

  /** Not at once: a holder that is soon done queues the process with its release. */
  #requeueSoon(): void {
    this.#timer ??= setTimeout(this.ask, this.settings.requeueDelayMs);
  }

  #leaveQueue(): void {
    if (this.#phase === 'asking') return;
    // @plant waiter-leaked-in-redis
    if (this.#phase === 'queued') void this.scripts.leave(this.target);
    // @end waiter-leaked-in-redis
    this.#enter('idle');
    this.checkIdle();
  }

  /** Handles the reply to an old request: nobody here waits for it any more. */
  #onLateReply = ({ grant }: AcquireReply): void => {
    if (grant) void this.scripts.release(grant);
  };

  #enter(phase: 'idle' | 'asking' | 'queued'): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
