/**
 * A moment on two clocks. The monotonic clock stops while a machine sleeps; the wall clock can be
 * set.
 */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The source of the time, injected so that tests can move it. */
export interface InstantClock {
  now(): Instant;
}

/** Reads the clocks of this process at each call. */
export const systemClock: InstantClock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
};

/**
 * Reads the clocks of this process once in a turn of the event loop.
 *
 * A client sends its request before the turn in which the process receives it. So an answer is
 * never taken for newer than it is, however long the process was paused.
 */
export class TurnClock implements InstantClock {
  #now: Instant | undefined;
  #uses = 0;

  now(): Instant {
    // A turn that reads the clock very often runs long, so it must notice that time passes.
    if (this.#now && ++this.#uses < 64) return this.#now;
    if (!this.#now) process.nextTick(this.#forget);
    this.#uses = 0;
    this.#now = systemClock.now();
    return this.#now;
  }

  #forget = (): void => {
    this.#now = undefined;
  };
}

/** Whether `ms` milliseconds have passed since `from`, by either clock. */
export function hasPassed(ms: number, from: Instant, now: Instant): boolean {
  return now.monotonicMs - from.monotonicMs >= ms || now.wallMs - from.wallMs >= ms;
}
