import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { type Lease, LockBusyError, type LockPort } from '../../../domain/ports/lock-port.js';
import type { FailureReport } from '../failure-report.js';
import { type GroupOutcome, silentUnitOfWorkObserver } from '../unit-of-work-observer.js';
import { type Member, sizeOf } from './member.js';
import type { SharedTransactions } from './shared-transactions.js';

export interface LeaseGroupSettings {
  /** Longest wait for the locks, in milliseconds. */
  readonly waitMs: number;
  /** Members that may wait at once in this process, over all keys. */
  readonly maxWaiting: number;
  /** Most products of the members that share one lease. */
  readonly maxProducts: number;
}

/**
 * A member waits at least this long, in milliseconds: the units before it may be about to release.
 */
const SHORTEST_WAIT_MS = 100;

interface Waiting {
  readonly member: Member;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
}

/** The members of this process that wait for the same keys, in the order of their arrival. */
interface Queue {
  readonly keys: readonly string[];
  readonly waiting: Set<Waiting>;
  /** Aborts the acquisition when no member waits for it any more. */
  acquisition: AbortController | undefined;
}

/**
 * Lets the units of this process that need the same locks share a lease.
 *
 * While a lease is acquired or in use, later members wait here. The next lease serves all of them,
 * in arrival order. So a process asks the lock service once for many members.
 */
export class LeaseGroups {
  readonly #queues = new Map<string, Queue>();
  #waiting = 0;

  constructor(
    private readonly locks: LockPort,
    private readonly transactions: SharedTransactions,
    private readonly report: FailureReport,
    private readonly settings: LeaseGroupSettings,
    private readonly observer = silentUnitOfWorkObserver,
  ) {}

  /**
   * Adds a member. The member ends by its outcome, by a failure of the lock, or when `signal`
   * aborts.
   */
  join(keys: readonly string[], member: Member, signal?: AbortSignal): void {
    if (this.#waiting >= this.settings.maxWaiting) {
      this.observer.waitedInGroup(0, 'refused', member, keys);
      member.reject(new LockBusyError(keys, 'queue_full'));
      return;
    }
    const name = JSON.stringify(keys);
    const known = this.#queues.get(name);
    const queue = known ?? { keys, waiting: new Set<Waiting>(), acquisition: undefined };
    const waiting = { member, deadline: performance.now() + this.settings.waitMs };
    queue.waiting.add(waiting);
    this.#waiting += 1;
    signal?.addEventListener('abort', () => this.#cancel(queue, waiting, signal.reason), {
      once: true,
    });
    if (known) return;
    this.#queues.set(name, queue);
    void this.#serve(name, queue);
  }

  #cancel(queue: Queue, waiting: Waiting, reason: unknown): void {
    if (!this.#remove(queue, waiting)) return;
    this.#waited(queue, waiting, 'aborted');
    waiting.member.reject(reason);
    if (queue.waiting.size === 0) queue.acquisition?.abort(reason);
  }

  #remove(queue: Queue, waiting: Waiting): boolean {
    const isThere = queue.waiting.delete(waiting);
    if (isThere) this.#waiting -= 1;
    return isThere;
  }

  /**
   * Acquires one lease after another while members wait. It requests the next lease before it
   * releases the current one, so that the lock can pass it on inside this process.
   */
  async #serve(name: string, queue: Queue): Promise<void> {
    let held: Lease | undefined;
    for (let [first] = queue.waiting; first; [first] = queue.waiting) {
      const next = this.#acquire(queue, first);
      await this.#release(held);
      held = await next;
      if (!held) continue;
      const members = this.#take(queue);
      if (members.length > 0) await this.transactions.run({ members, lease: held });
    }
    // Deleted before the release: a member that arrives during the release starts a new queue.
    this.#queues.delete(name);
    await this.#release(held);
  }

  /** A failed release does not change the outcome of the members: the lease then expires. */
  async #release(lease: Lease | undefined): Promise<void> {
    await lease?.release().catch((error: unknown) => this.report('release_failed', error));
  }

  async #acquire(queue: Queue, { deadline }: Waiting): Promise<Lease | undefined> {
    const waitMs = Math.max(SHORTEST_WAIT_MS, deadline - performance.now());
    const acquisition = new AbortController();
    queue.acquisition = acquisition;
    try {
      return await this.locks.acquire(queue.keys, { waitMs, signal: acquisition.signal });
    } catch (error) {
      // Here all waiting members were cancelled. A member that arrived later gets another
      // acquisition.
      if (!acquisition.signal.aborted) this.#reject(queue, error, deadline);
      return undefined;
    } finally {
      queue.acquisition = undefined;
    }
  }

  /** When the lock was busy for too long, only the members whose own time is over fail. */
  #reject(queue: Queue, error: unknown, deadline: number): void {
    const now = Math.max(deadline, performance.now());
    for (const waiting of [...queue.waiting]) {
      if (error instanceof LockBusyError && waiting.deadline > now) return;
      this.#remove(queue, waiting);
      this.#waited(queue, waiting, outcomeOf(error));
      waiting.member.reject(error);
    }
  }

  /** Takes the members that have waited longest: at least one, and more while they fit. */
  #take(queue: Queue): Member[] {
    const taken: Member[] = [];
    let size = 0;
    for (const waiting of [...queue.waiting]) {
      size += sizeOf(waiting.member);
      if (taken.length > 0 && size > this.settings.maxProducts) break;
      this.#remove(queue, waiting);
      this.#waited(queue, waiting, 'granted');
      taken.push(waiting.member);
    }
    return taken;
  }

  #waited({ keys }: Queue, { deadline, member }: Waiting, outcome: GroupOutcome): void {
    const ms = performance.now() - deadline + this.settings.waitMs;
    this.observer.waitedInGroup(ms, outcome, member, keys);
  }
}

function outcomeOf(error: unknown): GroupOutcome {
  if (error instanceof LockBusyError) return error.reason === 'queue_full' ? 'refused' : 'busy';
  return error instanceof DependencyUnavailableError ? 'unavailable' : 'aborted';
}
