import { type Deadline, TimeoutQueue } from './timeout-queue.js';

// Longer delays overflow Node's timers and would fire at once.
const LONGEST_MS = 2 ** 31 - 1;

/** TimeoutQueue of any length, where most have one of a few and are called off long before. */
export class TimeoutPool {
  readonly #byLength = new Map<number, TimeoutQueue>();

  constructor(private readonly holdProcess: boolean) {}

  /** Gives up after `ms`, rounded up to whole milliseconds, unless it is cancelled before. */
  set(ms: number, deadline: Deadline): void {
    const afterMs = Math.min(Math.ceil(ms), LONGEST_MS);
    let sameLength = this.#byLength.get(afterMs);
    if (!sameLength) {
      const ended = () => this.#byLength.delete(afterMs);
      sameLength = new TimeoutQueue(afterMs, this.holdProcess, ended);
      this.#byLength.set(afterMs, sameLength);
    }
    sameLength.add(deadline);
  }
}
