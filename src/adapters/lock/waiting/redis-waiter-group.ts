import type { Instant } from '../../timeouts/instant.js';
import type { GrantedLease, GrantOwner } from '../leases/granted-lease.js';
import type { LockUnavailableError } from '../lock.js';
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
  /** Counts requests. */
  #rounds = 0;

  constructor(
    private readonly target: LockTarget,
    private readonly scripts: LockScripts,
    private readonly createLease: CreateLease,
    protected override readonly settings: RedisLockSettings,
    limit: WaiterLimit,
  ) {
    super(settings, limit);
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
  release(grant: Grant, now: Instant): Promise<void> {
    if (this.lease?.grant === grant) this.lease = undefined;
    if (this.#phase === 'idle' && this.hasWaiters) {
      return new Promise((resolve) => {
        this.scripts.releaseAndRequeue(grant, this.#beginRound(grant, resolve));
      });
    }
    return this.scripts.release(grant, now);
  }

  /** The lease of this grant ended before its holder released it. */
  onLost(grant: Grant): void {
    if (this.lease?.grant !== grant) return;
    this.lease = undefined;
    if (this.#phase === 'idle') this.askAgain();
  }

  /** Handles the reply to a request. `released` is the grant that the request released too. */
  onReply(round: Round, reply: AcquireReply, released: Grant | undefined): void {
    if (round.number !== this.#rounds) {
      this.onLateReply(reply);
      return;
    }
    const message = this.#message;
    this.#message = undefined;
    if (reply.grant) {
      if (released) this.settings.observer.handedOff('service');
      this.#accept(reply.grant);
      return;
    }
    this.#lastToken = Math.max(this.#lastToken, reply.lastToken);
    this.#enter('queued');
    // One millisecond more: the timer must not fire before the lease is over.
    const afterMs = (reply.leftMs || this.target.leaseMs) + 1;
    // @plant timer-never-fires
    this.#timer = setTimeout(() => this.ask(), afterMs);
    if (message) this.receive(message);
    else if (!this.hasWaiters) this.#leaveQueue();
  }

  /** A request failed: rejects the waiters. */
  onFailure(round: Round, reason: LockUnavailableError, released: Grant | undefined): void {
    if (released) void this.scripts.release(released);
    if (round.number === this.#rounds) this.fail(reason);
  }

  /** Handles the reply to an old request: nobody here waits for it any more. */
  onLateReply({ grant }: AcquireReply): void {
    if (grant) void this.scripts.release(grant);
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

  protected override ask(): void {
    this.scripts.acquire(this.target, this.lease?.grant.lastToken ?? 0, this.#beginRound());
  }

  #beginRound(released?: Grant, done?: () => void): Round {
    // Long ago, perhaps, and by another Redis: the reply says what the last token is now.
    if (!this.lease && !released && this.#phase === 'idle') this.#lastToken = 0;
    this.#enter('asking');
    this.#rounds += 1;
    return new Round(this, this.#rounds, released, done);
  }

  #accept(grant: Grant): void {
    this.#enter('idle');
    this.#lastToken = grant.lastToken;
    if (!this.hasWaiters) {
      // All waiters have left.
      void this.scripts.release(grant);
      return;
    }
    const now = this.settings.clock.now();
    if (grant.term.isOver(now)) {
      // The process was stopped, or does not know the time of the server: the grant may be over.
      this.ask();
      return;
    }
    this.begin(this.createLease(this.firstKeys, grant, this), now);
    if (this.hasWaiters && !this.isPassingOn) this.#requeueSoon();
  }

  /** Not at once: a holder that is soon done queues the process with its release. */
  #requeueSoon(): void {
    this.#timer ??= setTimeout(() => this.ask(), this.settings.requeueDelayMs);
  }

  #leaveQueue(): void {
    if (this.#phase === 'asking') return;
    // @plant waiter-leaked-in-redis
    if (this.#phase === 'queued') void this.scripts.leave(this.target);
    // @end waiter-leaked-in-redis
    this.#enter('idle');
  }

  #enter(phase: 'idle' | 'asking' | 'queued'): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** One request for a lease. The reply to any but the last request is old. */
class Round implements AcquireListener {
  constructor(
    private readonly group: RedisWaiterGroup,
    readonly number: number,
    /** The grant that the request releases too. */
    private readonly released: Grant | undefined,
    /** Called when the request has ended. */
    private readonly done: (() => void) | undefined,
  ) {}

  onReply(reply: AcquireReply): void {
    this.group.onReply(this, reply, this.released);
    this.done?.();
  }

  onFailure(reason: LockUnavailableError): void {
    this.group.onFailure(this, reason, this.released);
    this.done?.();
  }

  onLateReply(reply: AcquireReply): void {
    this.group.onLateReply(reply);
  }
}
