import type { Cached } from '../../domain/ports/cache-port.js';
import { hasPassed, type Moment } from './cache-clock.js';

/** One load that is under way, and what was invalidated since it began. */
export class Flight {
  readonly #invalidated = new Set<string>();
  #allInvalidated = false;

  constructor(
    readonly key: string,
    readonly composed: boolean,
    readonly began: Moment,
    /** The latest invalidation this process had applied when it began. */
    readonly position: number,
  ) {}

  /** Whether what it loaded may show the state from before an invalidation of these. */
  isOvertaken(resources: readonly string[]): boolean {
    return this.#allInvalidated || resources.some((resource) => this.#invalidated.has(resource));
  }

  overtake(resource: string): void {
    this.#invalidated.add(resource);
  }

  overtakeAll(): void {
    this.#allInvalidated = true;
  }
}

/** The loads under way in this process: one a key, unless an invalidation came in between. */
export class Flights {
  readonly #open = new Map<string, { readonly flight: Flight; readonly result: Promise<Cached> }>();
  readonly #flying = new Set<Flight>();

  /**
   * Joins the load of the key, or starts one: not one that began `maxAgeMs` ago or earlier, for its
   * answer could be that old, and not one from before the invalidation `atLeast`.
   */
  join(
    begun: Flight,
    maxAgeMs: number,
    atLeast: number,
    load: (flight: Flight) => Promise<Cached>,
  ): Promise<Cached> {
    const open = this.#open.get(begun.key);
    if (
      open &&
      open.flight.position >= atLeast &&
      !hasPassed(maxAgeMs, open.flight.began, begun.began)
    ) {
      return open.result;
    }
    this.#flying.add(begun);
    const result = load(begun).finally(() => {
      this.#flying.delete(begun);
      if (this.#open.get(begun.key)?.flight === begun) this.#open.delete(begun.key);
    });
    this.#open.set(begun.key, { flight: begun, result });
    return result;
  }

  /** From now on nobody joins a load that may have read the resource before. */
  invalidate(resource: string): void {
    for (const flight of this.#flying) {
      flight.overtake(resource);
      // What a composed load reads is known only when it has read it.
      if (flight.composed || flight.key === resource) this.#close(flight);
    }
  }

  invalidateAll(): void {
    for (const flight of this.#flying) flight.overtakeAll();
    this.#open.clear();
  }

  #close(flight: Flight): void {
    if (this.#open.get(flight.key)?.flight === flight) this.#open.delete(flight.key);
  }
}
