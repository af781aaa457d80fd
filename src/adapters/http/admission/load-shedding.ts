/** Interval of the timer that measures the delay, in milliseconds. */
const TICK_MS = 25;

/** Interval of the decisions, in milliseconds. */
const SAMPLE_MS = 250;

/** So many samples in a row must be over the bound: one is a large garbage collection, or a burst. */
const SAMPLES_TO_SHED = 2;

/** The delay must fall to this share of the bound; at the bound itself it would change with each sample. */
const RECOVERED_SHARE = 0.5;

/** Decides from the delays of the event loop when an instance takes no new requests. */
export class OverloadSwitch {
  #over = 0;
  #isOverloaded = false;

  constructor(private readonly maxDelayMs: number) {}

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  /** Takes the mean delay of one interval, in milliseconds. */
  sample(delayMs: number): void {
    this.#over = delayMs > this.maxDelayMs ? this.#over + 1 : 0;
    if (this.#over >= SAMPLES_TO_SHED) this.#isOverloaded = true;
    else if (delayMs < this.maxDelayMs * RECOVERED_SHARE) this.#isOverloaded = false;
  }
}

/**
 * Measures how late the event loop runs a timer. All requests of an instance share this loop, so its
 * delay is what each step of each request waits.
 *
 * `monitorEventLoopDelay` of Node is not used: after a reset it leaves out the first interval, which is the
 * only one where the loop is later than the interval of the decisions.
 */
export class LoadShedding {
  readonly #switch: OverloadSwitch;
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #sampledAt = this.#tickedAt;
  #delays: number[] = [];

  /** With a bound of 0 milliseconds it never sheds. */
  constructor(maxDelayMs: number) {
    this.#switch = new OverloadSwitch(maxDelayMs || Infinity);
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  get isOverloaded(): boolean {
    return this.#switch.isOverloaded;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#delays.push(Math.max(0, now - this.#tickedAt - TICK_MS));
    this.#tickedAt = now;
    if (now - this.#sampledAt < SAMPLE_MS) return;
    this.#switch.sample(this.#delays.reduce((sum, ms) => sum + ms, 0) / this.#delays.length);
    this.#sampledAt = now;
    this.#delays = [];
  }
}
