import { Replacements } from './replacements.js';

/** An answer that somebody was given; moments on one clock, in milliseconds. */
export interface Answered {
  readonly resource: string;
  readonly version: number;
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * Says how stale answers are: how long before a read began what it was answered had been replaced.
 *
 * It goes by what clients were told. A write counts from the moment its answer arrived; one whose
 * answer never arrived may have happened or not, so neither value is wrong, until some answer has
 * shown the new one. Judge a read when all that was told before it began is noted.
 */
export class StalenessJudge {
  readonly #resources = new Map<string, Replacements>();

  constructor(private readonly stepsKept = Number.POSITIVE_INFINITY) {}

  /** A write was answered with this version. */
  acknowledged(resource: string, version: number, atMs: number): void {
    this.#of(resource).known(version, atMs);
  }

  /** Whoever was shown a version has been told that it replaced those before it. */
  shown({ resource, version, endedMs }: Answered): void {
    this.#of(resource).known(version, endedMs);
  }

  /** Milliseconds, 0 for an answer that was not replaced. */
  stalenessMs({ resource, version, beganMs }: Omit<Answered, 'endedMs'>): number {
    const replacedMs = this.#resources.get(resource)?.replacedAt(version);
    return replacedMs === undefined ? 0 : Math.max(0, beganMs - replacedMs);
  }

  #of(resource: string): Replacements {
    const known = this.#resources.get(resource) ?? new Replacements(this.stepsKept);
    this.#resources.set(resource, known);
    return known;
  }
}
