import type { Answer } from '../protocol/lock-call.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import type { Grant, LockTarget } from '../protocol/redis-grant.js';
import type { ReplyListener } from '../protocol/script-runner.js';
import type { RedisLockSettings } from '../redis-lock-settings.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { CreateLease } from '../strategies/wait-strategy.js';
import type { Waiter } from './waiter.js';
import type { WaiterLimit } from './waiter-limit.js';
import { WaiterQueue } from './waiter-queue.js';

/**
 * The waiters of this process for one set of keys, in arrival order. Together they stand in the
 * queues of Redis once.
 *
 * `asking`: a request is under way; grants that come as messages wait for its answer, which says
 * whether they are still good. `standing`: Redis will send a grant; a timer asks again when the
 * lease in the way must be over, for a message lost or a holder that crashed. `idle`: neither.
 */
export class WaitingGroup {
  readonly #waiters: WaiterQueue<ReservedLease>;
  #phase: 'idle' | 'asking' | 'standing' = 'idle';
  #timer: NodeJS.Timeout | undefined;
  /** The grant that one of this group holds now. */
  #held: Grant | undefined;
  #message: Grant | undefined;
  #lastToken = 0;
  /** Counts requests: the answer to any but the last is an old one. */
  #rounds = 0;

  constructor(
    readonly keys: LockTarget,
    private readonly scripts: LockScripts,
    private readonly settings: Pick<RedisLockSettings, 'requeueDelayMs' | 'observer'>,
    crowd: WaiterLimit,
    private readonly lend: CreateLease,
    /** Nobody here waits or holds, and nothing is under way. */
    private readonly emptied: (group: WaitingGroup) => void,
  ) {
    this.#waiters = new WaiterQueue(crowd);
  }

  add(waiter: Waiter<ReservedLease>): void {
    this.#waiters.add(waiter);
    if (this.#held || this.#phase !== 'idle') this.settings.observer.contended();
    if (this.#phase !== 'idle') return;
    if (this.#held) this.#standSoon();
    else this.#ask();
  }

  remove(waiter: Waiter<ReservedLease>): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#standDown();
  }

  /** A grant came as a message. */
  receive(grant: Grant): void {
    if (grant.lastToken <= this.#lastToken) return;
    if (this.#phase === 'asking') this.#message = grant;
    else this.#accept(grant);
  }

  /** Messages may have been lost, or Redis its memory. */
  askAgain(): void {
    if (this.#phase !== 'asking' && this.#waiters.size > 0) this.#ask();
  }

  giveBack(grant: Grant): Promise<void> {
    if (this.#held === grant) this.#held = undefined;
    if (this.#phase === 'idle' && this.#waiters.size > 0) {
      return new Promise((resolve) => {
        this.scripts.release(grant, true, this.#round(resolve, grant));
      });
    }
    this.#checkEmpty();
    return this.scripts.giveBack(grant);
  }

  forfeit(grant: Grant): void {
    if (this.#held !== grant) return;
    this.#held = undefined;
    if (this.#phase === 'idle') this.askAgain();
    this.#checkEmpty();
  }

  fail(reason: unknown): void {
    const waiters = this.#waiters.clear();
    this.#message = undefined;
    this.#rounds += 1;
    if (this.#phase === 'asking') this.#enter('idle');
    this.#standDown();
    for (const waiter of waiters) waiter.fail(reason);
  }

  #ask = (): void => {
    this.scripts.acquire(this.keys, this.#held?.lastToken ?? 0, this.#round());
  };

  /** Who hears what came of the next request: a failure goes to those who wait. */
  #round(done?: () => void, given?: Grant): ReplyListener<Answer> {
    this.#enter('asking');
    this.#rounds += 1;
    const round = this.#rounds;
    return {
      heard: (answer) => {
        if (round === this.#rounds) this.#heard(answer, given !== undefined);
        else this.#late(answer);
        done?.();
      },
      failed: (reason) => {
        if (given) void this.scripts.giveBack(given);
        if (round === this.#rounds) this.fail(reason);
        done?.();
      },
      late: this.#late,
    };
  }

  #heard({ grant, leftMs, lastToken }: Answer, handedOff: boolean): void {
    const message = this.#message;
    this.#message = undefined;
    if (grant) {
      if (handedOff) this.settings.observer.handedOff('service');
      this.#accept(grant);
      return;
    }
    this.#lastToken = Math.max(this.#lastToken, lastToken);
    this.#enter('standing');
    // One millisecond more, for the timer must not fire before the lease is over.
    this.#timer = setTimeout(this.#ask, (leftMs || this.keys.leaseMs) + 1);
    if (message) this.receive(message);
    else if (this.#waiters.size === 0) this.#standDown();
  }

  #accept(grant: Grant): void {
    this.#enter('idle');
    this.#lastToken = grant.lastToken;
    if (this.#waiters.size > 0 && !this.scripts.isLive(grant)) {
      // This process was stopped, or does not know the server's time: what it was told is old.
      this.#ask();
      return;
    }
    const waiter = this.#waiters.shift();
    if (!waiter) {
      // Those it was meant for have left.
      void this.scripts.giveBack(grant);
      this.#checkEmpty();
      return;
    }
    this.#held = grant;
    if (this.#waiters.size > 0) this.#standSoon();
    waiter.grant(this.lend(waiter.request, grant));
  }

  /** Not at once: a short section stands in the queue again by the script that releases. */
  #standSoon(): void {
    this.#timer ??= setTimeout(this.#ask, this.settings.requeueDelayMs);
  }

  #standDown(): void {
    if (this.#phase === 'asking') return;
    if (this.#phase === 'standing') void this.scripts.leave(this.keys);
    this.#enter('idle');
    this.#checkEmpty();
  }

  /** The answer to a request that was given up: nobody here waits for it any more. */
  #late = ({ grant }: Answer): void => {
    if (grant) void this.scripts.giveBack(grant);
  };

  #checkEmpty(): void {
    if (this.#phase === 'idle' && this.#waiters.size === 0 && !this.#held) this.emptied(this);
  }

  #enter(phase: 'idle' | 'asking' | 'standing'): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
