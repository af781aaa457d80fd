/** A moment on two clocks: the monotonic one stops while a machine sleeps, the wall one may be set. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** Where the caches read the time, injected so that tests can move it. */
export interface CacheClock {
  now(): Moment;
}

/**
 * The clocks of this process, read once in a turn of the event loop.
 *
 * A read begins at its client before the turn that hears of it, so by this time nothing is taken
 * for fresher than it is, however long the process was paused since.
 */
export class TurnClock implements CacheClock {
  #now: Moment | undefined;
  #uses = 0;

  now(): Moment {
    // A turn that reads without end must notice the time go by.
    if (this.#now && ++this.#uses < 64) return this.#now;
    if (!this.#now) process.nextTick(this.#forget);
    this.#uses = 0;
    this.#now = { monotonicMs: performance.now(), wallMs: Date.now() };
    return this.#now;
  }

  #forget = (): void => {
    this.#now = undefined;
  };
}

/** Whether `ms` milliseconds have passed since `from`, by either clock. */
export function hasPassed(ms: number, from: Moment, now: Moment): boolean {
  return now.monotonicMs - from.monotonicMs >= ms || now.wallMs - from.wallMs >= ms;
}
