import type { Cached } from '../../../domain/ports/cache-port.js';
import { hasPassed, type Moment } from '../cache-clock.js';

/** One load that is under way, and what was invalidated since it began. */
export class Flight {
  /** What all who share it are answered. */
  readonly result: Promise<Cached>;
  land!: (answer: Cached) => void;
  crash!: (error: unknown) => void;
  /** Undefined: nothing yet, as in most flights. */
  #invalidated: Set<string> | undefined;
  #allInvalidated = false;

  constructor(
    readonly key: string,
    readonly composed: boolean,
    readonly began: Moment,
    /** The latest invalidation this process had applied when it began. */
    readonly position: number,
  ) {
    this.result = new Promise((resolve, reject) => {
      this.land = resolve;
      this.crash = reject;
    });
  }

  /** Whether what it loaded may show the state from before an invalidation of these. */
  isOvertaken(resources: readonly string[]): boolean {
    if (this.#allInvalidated) return true;
    const invalidated = this.#invalidated;
    return invalidated !== undefined && resources.some((resource) => invalidated.has(resource));
  }

  overtake(resource: string): void {
    this.#invalidated ??= new Set();
    this.#invalidated.add(resource);
  }

  overtakeAll(): void {
    this.#allInvalidated = true;
  }
}

/** The loads under way in this process: one a key, unless an invalidation came in between. */
export class Flights {
  readonly #open = new Map<string, Flight>();
  /** Those that nobody joins any more. */
  readonly #closed = new Set<Flight>();

  /**
   * The load of the key that is under way: not one that began `maxAgeMs` ago or earlier, for its
   * answer could be that old, and not one from before the invalidation `atLeast`.
   */
  find(key: string, now: Moment, maxAgeMs: number, atLeast: number): Flight | undefined {
    const open = this.#open.get(key);
    if (!open || open.position < atLeast || hasPassed(maxAgeMs, open.began, now)) return undefined;
    return open;
  }

  /** Who asks for the key from now on finds this one. */
  begin(flight: Flight): void {
    const replaced = this.#open.get(flight.key);
    if (replaced) this.#closed.add(replaced);
    this.#open.set(flight.key, flight);
  }

  end(flight: Flight, answer: Cached): void {
    this.#forget(flight);
    flight.land(answer);
  }

  fail(flight: Flight, error: unknown): void {
    this.#forget(flight);
    flight.crash(error);
  }

  /** Ends the flight as `load` ends. */
  follow(flight: Flight, load: Promise<Cached>): void {
    load.then(
      (answer) => this.end(flight, answer),
      (error: unknown) => this.fail(flight, error),
    );
  }

  /** From now on nobody joins it. */
  close(flight: Flight): void {
    if (this.#open.get(flight.key) !== flight) return;
    this.#open.delete(flight.key);
    this.#closed.add(flight);
  }

  /** From now on nobody joins a load that may have read the resource before. */
  invalidate(resource: string): void {
    for (const flight of this.#closed) flight.overtake(resource);
    for (const flight of this.#open.values()) {
      flight.overtake(resource);
      // What a composed load reads is known only when it has read it.
      if (flight.composed || flight.key === resource) this.close(flight);
    }
  }

  invalidateAll(): void {
    for (const flight of this.#closed) flight.overtakeAll();
    for (const flight of this.#open.values()) {
      flight.overtakeAll();
      this.close(flight);
    }
  }

  #forget(flight: Flight): void {
    if (this.#open.get(flight.key) === flight) this.#open.delete(flight.key);
    else this.#closed.delete(flight);
  }
}
