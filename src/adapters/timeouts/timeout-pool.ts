import { type Deadline, TimeoutQueue } from './timeout-queue.js';

// Node fires a timer with a longer delay at once.
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Timeouts of any length: one TimeoutQueue for each length, since few lengths are in use. */
export class TimeoutPool {
  readonly #byLength = new Map<number, TimeoutQueue>();

  /** With `holdsProcess`, the process does not end while a timeout is pending. */
  constructor(private readonly holdsProcess: boolean) {}

  /** Expires the deadline after `ms`, rounded up to whole milliseconds, unless it is cancelled. */
  set(ms: number, deadline: Deadline): void {
    const afterMs = Math.min(Math.ceil(ms), MAX_DELAY_MS);
    let queue = this.#byLength.get(afterMs);
    if (!queue) {
      const onEmpty = () => this.#byLength.delete(afterMs);
      queue = new TimeoutQueue(afterMs, this.holdsProcess, onEmpty);
      this.#byLength.set(afterMs, queue);
    }
    queue.add(deadline);
  }
}
