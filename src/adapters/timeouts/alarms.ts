import { type Deadline, Deadlines } from './deadlines.js';

// Longer delays overflow Node's timers and would fire at once.
const LONGEST_MS = 2 ** 31 - 1;

/** Deadlines of any length, where most have one of a few and are called off long before. */
export class Alarms {
  readonly #byLength = new Map<number, Deadlines>();

  constructor(private readonly holdProcess: boolean) {}

  /** Gives up after `ms`, rounded up to whole milliseconds, unless it is cancelled before. */
  set(ms: number, deadline: Deadline): void {
    const afterMs = Math.min(Math.ceil(ms), LONGEST_MS);
    let sameLength = this.#byLength.get(afterMs);
    if (!sameLength) {
      const ended = () => this.#byLength.delete(afterMs);
      sameLength = new Deadlines(afterMs, this.holdProcess, ended);
      this.#byLength.set(afterMs, sameLength);
    }
    sameLength.add(deadline);
  }
}
