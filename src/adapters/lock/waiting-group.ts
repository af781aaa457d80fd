import type { LockObserver } from './lock-observer.js';
import type { Answer, LockScripts } from './lock-scripts.js';
import type { Grant, StandingKeys } from './redis-grant.js';
import type { Waiter } from './waiter.js';

/**
 * The waiters of this process for one set of keys, in arrival order. Together they stand in the
 * queues of Redis once.
 *
 * `asking`: a request is under way; grants that come as messages wait for its answer, which says
 * whether they are still good. `standing`: Redis will send a grant; a timer asks again when the
 * lease in the way must be over, for a message lost or a holder that crashed. `idle`: neither.
 */
export class WaitingGroup {
  readonly #waiters = new Set<Waiter<Grant>>();
  #phase: 'idle' | 'asking' | 'standing' = 'idle';
  #timer: NodeJS.Timeout | undefined;
  /** The grant that one of this group holds now. */
  #held: Grant | undefined;
  #message: Grant | undefined;
  #lastToken = 0;

  constructor(
    readonly keys: StandingKeys,
    private readonly scripts: LockScripts,
    private readonly standDelayMs: number,
    private readonly observer: LockObserver,
  ) {}

  get isEmpty(): boolean {
    return this.#phase === 'idle' && this.#waiters.size === 0 && !this.#held;
  }

  add(waiter: Waiter<Grant>): void {
    this.#waiters.add(waiter);
    if (this.#held || this.#phase !== 'idle') this.observer.contended();
    if (this.#phase !== 'idle') return;
    if (this.#held) this.#standSoon();
    else this.#ask();
  }

  remove(waiter: Waiter<Grant>): void {
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

  async giveBack(grant: Grant): Promise<void> {
    if (this.#held === grant) this.#held = undefined;
    const again = this.#phase === 'idle' && this.#waiters.size > 0;
    if (again) this.#enter('asking');
    try {
      const answer = await this.scripts.release(grant, again, this.#late);
      if (again) this.#heard(answer, true);
    } catch (error) {
      if (again) this.fail(error);
    }
  }

  forfeit(grant: Grant): void {
    if (this.#held !== grant) return;
    this.#held = undefined;
    if (this.#phase === 'idle') this.askAgain();
  }

  fail(reason: unknown): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    this.#message = undefined;
    if (this.#phase === 'asking') this.#enter('idle');
    else this.#standDown();
    for (const waiter of waiters) waiter.fail(reason);
  }

  #ask = (): void => {
    const first = this.#phase === 'idle' && !this.#held;
    this.#enter('asking');
    this.scripts.acquire(this.keys, this.#held?.lastToken ?? 0, this.#late).then(
      (answer) => {
        if (first && !answer.grant) this.observer.contended();
        this.#heard(answer, false);
      },
      (error: unknown) => this.fail(error),
    );
  };

  #heard({ grant, leftMs, lastToken }: Answer, handedOff: boolean): void {
    const message = this.#message;
    this.#message = undefined;
    if (grant) {
      if (handedOff) this.observer.handedOff('service');
      return this.#accept(grant);
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
    const [waiter] = this.#waiters;
    if (!waiter) return this.#passOn(grant);
    // This process was stopped, or does not know the server's time: what it was told is old.
    if (!this.scripts.isLive(grant)) return this.#ask();
    this.#waiters.delete(waiter);
    this.#held = grant;
    if (this.#waiters.size > 0) this.#standSoon();
    waiter.grant(grant);
  }

  /** Not at once: a short section stands in the queue again by the script that releases. */
  #standSoon(): void {
    this.#timer ??= setTimeout(this.#ask, this.standDelayMs);
  }

  #standDown(): void {
    const stood = this.#phase === 'standing';
    if (this.#phase !== 'asking') this.#enter('idle');
    if (stood) this.scripts.leave(this.keys).catch(() => undefined);
  }

  /** Those it was meant for have left. */
  #passOn(grant: Grant): void {
    this.scripts.release(grant, false).catch(() => undefined);
  }

  /** The answer to a request that was given up: nobody here waits for it any more. */
  #late = ({ grant }: Answer): void => {
    if (grant) this.#passOn(grant);
  };

  #enter(phase: 'idle' | 'asking' | 'standing'): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
