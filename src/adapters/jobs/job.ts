import { setTimeout as pause } from 'node:timers/promises';
import { ExponentialBackoff, type IBackoff, noJitterGenerator } from 'cockatiel';
import type { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { JobObserver } from './job-observer.js';

/** Pause after a first failed run, in milliseconds. */
const FIRST_RETRY_MS = 1_000;

/** Pause when the next run is due at once, in milliseconds, so that other work can run. */
const SHORTEST_PAUSE_MS = 10;

/** The pause is up to a fifth shorter, so instances that start together do not stay together. */
const JITTER = 1 / 5;

/** What a job does, and how often. */
export interface JobDefinition {
  /** Its name in logs and metrics: a verb and a noun, such as `count-likes`. */
  readonly name: string;
  /** Longest pause between two runs, in milliseconds. */
  readonly everyMs: number;
  /** The first run begins with the start of the job. By default it begins after a pause. */
  readonly runsAtStart?: boolean;
  /**
   * For work that one process does for all instances. The run takes the leadership where it needs
   * it. The job gives it up when it stops, so that another process can continue at once.
   */
  readonly leader?: Pick<SweeperElection, 'release'>;
  /** Gets a function that ends the pause. A call during a run makes another run follow at once. */
  readonly subscribe?: (runSoon: () => void) => void;
  /** Called for each failed run, before the observer. */
  readonly onFailure?: (error: unknown) => void;
  /**
   * One run. When it resolves with a `Date`, the next run is due at that time. The pause is never
   * longer than `everyMs`, because another instance may add something that is due earlier.
   *
   * @throws any error: the run failed, and the job tries again
   */
  readonly run: (stopped: AbortSignal) => Promise<unknown>;
}

/**
 * Work that an instance repeats without a request. Each background loop of the service is a job.
 *
 * States: pause, run, pause, …, stopped.
 * - After a successful run the pause is `everyMs`, or shorter when the next run is due earlier.
 * - After a failed run the pause is 1 s, and twice as long after each further failure, up to
 *   `everyMs`. The observer learns whether a failure is a repeat, so that it is logged once.
 * - `stop` ends a pause. It waits for the current run, whose signal it aborts.
 */
export class Job {
  readonly #stopping = new AbortController();
  #requested = Promise.withResolvers<void>();
  #backoff: IBackoff<unknown> | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly definition: JobDefinition,
    private readonly clock: Clock,
    private readonly observer: JobObserver,
  ) {}

  /** Begins the loop. Call it once. */
  start(): void {
    this.definition.subscribe?.(() => this.runSoon());
    this.#running ??= this.#loop();
  }

  /** Ends the pause. During a run, another run follows at once. */
  runSoon(): void {
    this.#requested.resolve();
  }

  /** Resolves when the current run has ended and the leadership is released. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    // When this fails, the leadership expires.
    await this.definition.leader?.release().catch(() => {});
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    if (!this.definition.runsAtStart) await this.#pause(this.#period());
    while (!signal.aborted) {
      this.#requested = Promise.withResolvers();
      await this.#pause(await this.#run(signal));
    }
  }

  /** Answers how long to pause, in milliseconds. */
  async #run(signal: AbortSignal): Promise<number> {
    const { name, everyMs, run, onFailure } = this.definition;
    try {
      const next = await run(signal);
      this.#backoff = undefined;
      this.observer.succeeded(name);
      if (!(next instanceof Date)) return this.#period();
      const untilNext = next.getTime() - this.clock.now().getTime();
      return Math.min(everyMs, Math.max(SHORTEST_PAUSE_MS, untilNext));
    } catch (error) {
      if (signal.aborted) return 0;
      onFailure?.(error);
      this.observer.failed(name, error, this.#backoff !== undefined);
      this.#backoff = (this.#backoff ?? backoffUpTo(everyMs)).next(undefined);
      return this.#backoff.duration;
    }
  }

  #period(): number {
    return this.definition.everyMs * (1 - Math.random() * JITTER);
  }

  async #pause(ms: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const pausing = pause(ms, undefined, { signal, ref: false }).catch(() => {});
    await Promise.race([pausing, this.#requested.promise]);
    over.abort();
  }
}

function backoffUpTo(everyMs: number) {
  const initialDelay = Math.min(FIRST_RETRY_MS, everyMs);
  return new ExponentialBackoff({
    initialDelay,
    maxDelay: everyMs,
    generator: noJitterGenerator,
  });
}
