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

/** So long a member whose time is over still waits, since its predecessors may be about to release. */
const SHORTEST_WAIT_MS = 100;

interface Waiting {
  readonly member: Member;
  /** Of `performance.now()`. */
  readonly deadline: number;
}

/** The members of this process that wait for the same keys, in the order of their arrival. */
interface Queue {
  readonly keys: readonly string[];
  readonly waiting: Set<Waiting>;
  /** Aborts the acquisition when nobody waits for it any more. */
  acquisition: AbortController | undefined;
}

/**
 * Lets the units of this process that need the same locks share a lease.
 *
 * While a lease is acquired or in use, later members wait here. The next lease is for all of them. So one
 * process asks the lock service once for many members, and they take their turns in order of arrival.
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

  /** Adds a member. It is settled by its outcome, by a failure of the lock, or when `signal` aborts. */
  join(keys: readonly string[], member: Member, signal?: AbortSignal): void {
    if (this.#waiting >= this.settings.maxWaiting) {
      this.observer.waitedInGroup(0, 'refused');
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
    this.#waited(waiting, 'aborted');
    waiting.member.reject(reason);
    if (queue.waiting.size === 0) queue.acquisition?.abort(reason);
  }

  #remove(queue: Queue, waiting: Waiting): boolean {
    const isThere = queue.waiting.delete(waiting);
    if (isThere) this.#waiting -= 1;
    return isThere;
  }

  /**
   * One lease after another, as long as somebody waits. The next one is asked for before the last is
   * released, so that the lock can pass it on inside this process.
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
    // Before the release: who comes during it finds no queue, and begins a new one.
    this.#queues.delete(name);
    await this.#release(held);
  }

  /** The outcome of the members stays the same when the release fails: the lease then expires. */
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
      // All that waited were cancelled. Who came after that has a new try.
      if (!acquisition.signal.aborted) this.#reject(queue, error, deadline);
      return undefined;
    } finally {
      queue.acquisition = undefined;
    }
  }

  /** A lock that was busy too long concerns only those whose own time is over. */
  #reject(queue: Queue, error: unknown, deadline: number): void {
    const now = Math.max(deadline, performance.now());
    for (const waiting of [...queue.waiting]) {
      if (error instanceof LockBusyError && waiting.deadline > now) return;
      this.#remove(queue, waiting);
      this.#waited(waiting, outcomeOf(error));
      waiting.member.reject(error);
    }
  }

  /** Those that have waited longest: at least one, and then as many as fit. */
  #take(queue: Queue): Member[] {
    const taken: Member[] = [];
    let size = 0;
    for (const waiting of [...queue.waiting]) {
      size += sizeOf(waiting.member);
      if (taken.length > 0 && size > this.settings.maxProducts) break;
      this.#remove(queue, waiting);
      this.#waited(waiting, 'granted');
      taken.push(waiting.member);
    }
    return taken;
  }

  #waited({ deadline }: Waiting, outcome: GroupOutcome): void {
    this.observer.waitedInGroup(performance.now() - deadline + this.settings.waitMs, outcome);
  }
}

function outcomeOf(error: unknown): GroupOutcome {
  if (error instanceof LockBusyError) return error.reason === 'queue_full' ? 'refused' : 'busy';
  return error instanceof DependencyUnavailableError ? 'unavailable' : 'aborted';
}
