import { LinkedList, type ListNode } from './linked-list.js';

/** Something that waits, and must not for too long. */
export class Deadline implements ListNode<Deadline> {
  isLinked = false;
  before: Deadline | undefined;
  behind: Deadline | undefined;
  /** Where it waits, or waited last. */
  among: TimeoutQueue | undefined;
  /** Milliseconds of the monotonic clock. */
  since = 0;

  constructor(readonly giveUp: () => void) {}

  /** Answers whether it was still waiting. */
  cancel(): boolean {
    return this.among?.delete(this) ?? false;
  }
}

/**
 * Gives up whatever waits for too long, which is equally long for all: one timer serves them, and
 * stays while they come and go, since most end long before.
 */
export class TimeoutQueue {
  /** The longest waiting first. */
  readonly #waiting = new LinkedList<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly afterMs: number,
    /** Whether one that waits keeps the process running. */
    private readonly holdsProcess = false,
    /** Nothing waits, and no timer is left. */
    private readonly ended: () => void = () => {},
  ) {}

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(deadline: Deadline): void {
    deadline.since = performance.now();
    deadline.among = this;
    this.#waiting.add(deadline);
    this.#timer ??= this.#lookIn(this.afterMs);
    if (this.holdsProcess && this.#waiting.size === 1) this.#timer.ref();
  }

  /** Answers whether it was still waiting. */
  delete(deadline: Deadline): boolean {
    const wasWaiting = this.#waiting.delete(deadline);
    if (this.holdsProcess && wasWaiting && this.#waiting.size === 0) this.#timer?.unref();
    return wasWaiting;
  }

  #lookIn(ms: number): NodeJS.Timeout {
    const timer = setTimeout(this.#look, ms);
    return this.holdsProcess && this.#waiting.size > 0 ? timer : timer.unref();
  }

  #look = (): void => {
    const now = performance.now();
    // An answer that came while the event loop was blocked is read before the check phase.
    setImmediate(() => this.#giveUpBefore(now));
  };

  #giveUpBefore(now: number): void {
    this.#timer = undefined;
    const overdue: Deadline[] = [];
    for (let next = this.#waiting.first; next; next = next.behind) {
      const leftMs = next.since + this.afterMs - now;
      if (leftMs > 0) {
        this.#timer = this.#lookIn(leftMs);
        break;
      }
      overdue.push(next);
    }
    for (const deadline of overdue) if (this.delete(deadline)) deadline.giveUp();
    if (!this.#timer) this.ended();
  }
}
