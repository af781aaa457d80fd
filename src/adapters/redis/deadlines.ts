/** A command whose answer is not there yet. */
export interface Waiting {
  /** Milliseconds of the monotonic clock. */
  readonly since: number;
  giveUp(): void;
}

/** Gives up whatever waits for too long, which is equally long for all: one timer serves them. */
export class Deadlines {
  /** The longest waiting first. */
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly afterMs: number) {}

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#timer ??= this.#lookIn(this.afterMs);
  }

  /** Answers whether it was still waiting. */
  delete(waiting: Waiting): boolean {
    return this.#waiting.delete(waiting);
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(this.#look, ms).unref();
  }

  #look = (): void => {
    const now = performance.now();
    // An answer that came while the event loop was blocked is read before the check phase.
    setImmediate(() => this.#giveUpBefore(now));
  };

  #giveUpBefore(now: number): void {
    this.#timer = undefined;
    const overdue: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const leftMs = waiting.since + this.afterMs - now;
      if (leftMs > 0) {
        this.#timer = this.#lookIn(leftMs);
        break;
      }
      overdue.push(waiting);
    }
    for (const waiting of overdue) if (this.#waiting.delete(waiting)) waiting.giveUp();
  }
}
