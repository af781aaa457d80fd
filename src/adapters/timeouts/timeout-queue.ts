import { LinkedList, type ListNode } from './linked-list.js';

/** Who has a deadline. With a closure in its place, each deadline would need two more objects. */
export interface DeadlineOwner {
  onExpired(): void;
}

/** Calls its owner when it is not cancelled in time. */
export class Deadline implements ListNode<Deadline> {
  isLinked = false;
  previous: Deadline | undefined;
  next: Deadline | undefined;
  /** The queue that contains it, or contained it last. */
  queue: TimeoutQueue | undefined;
  /** When it was added: milliseconds of the monotonic clock. */
  since = 0;

  constructor(private readonly owner: DeadlineOwner) {}

  expire(): void {
    this.owner.onExpired();
  }

  /** Returns whether it was still pending. */
  cancel(): boolean {
    return this.queue?.delete(this) ?? false;
  }
}

/**
 * Timeouts of one length, in the order they were added, with one timer for all. The timer stays while
 * deadlines come and go, because most are cancelled long before they expire.
 */
export class TimeoutQueue {
  /** Sorted by expiry, the earliest first. */
  readonly #pending = new LinkedList<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly afterMs: number,
    /** Whether a pending deadline keeps the process running. */
    private readonly holdsProcess = false,
    /** Called when nothing is pending and no timer is left. */
    private readonly onEmpty: () => void = () => {},
  ) {}

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  add(deadline: Deadline): void {
    deadline.since = performance.now();
    deadline.queue = this;
    this.#pending.add(deadline);
    this.#timer ??= this.#checkAfter(this.afterMs);
    if (this.holdsProcess && this.#pending.size === 1) this.#timer.ref();
  }

  /** Returns whether it was still pending. */
  delete(deadline: Deadline): boolean {
    const wasPending = this.#pending.delete(deadline);
    if (this.holdsProcess && wasPending && this.#pending.size === 0) this.#timer?.unref();
    return wasPending;
  }

  #checkAfter(ms: number): NodeJS.Timeout {
    const timer = setTimeout(this.#check, ms);
    return this.holdsProcess && this.#pending.size > 0 ? timer : timer.unref();
  }

  #check = (): void => {
    const now = performance.now();
    // After a blocked event loop, Node reads the replies that arrived meanwhile before it runs
    // setImmediate.
    setImmediate(() => this.#expireBefore(now));
  };

  #expireBefore(now: number): void {
    this.#timer = undefined;
    const expired: Deadline[] = [];
    for (let next = this.#pending.first; next; next = next.next) {
      const leftMs = next.since + this.afterMs - now;
      if (leftMs > 0) {
        this.#timer = this.#checkAfter(leftMs);
        break;
      }
      expired.push(next);
    }
    for (const deadline of expired) if (this.delete(deadline)) deadline.expire();
    if (!this.#timer) this.onEmpty();
  }
}
