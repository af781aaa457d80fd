import { Replacements } from './replacements.js';

/** An answer that a client got; times on one clock, in milliseconds. */
export interface Answered {
  readonly resource: string;
  readonly version: number;
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * Computes how stale an answer is: how long its value had been replaced when the read began.
 *
 * It knows only the answers that clients got. A write counts from the moment its answer arrived. A write
 * without an answer may be committed or not, so both values are right until an answer shows the new
 * one. Judge a read after all answers from before its begin are noted.
 */
export class StalenessJudge {
  readonly #resources = new Map<string, Replacements>();

  constructor(private readonly stepsKept = Number.POSITIVE_INFINITY) {}

  /** A write was answered with this version. */
  acknowledged(resource: string, version: number, atMs: number): void {
    this.#of(resource).known(version, atMs);
  }

  /** A read was answered with this version, so all versions before it are replaced. */
  shown({ resource, version, endedMs }: Answered): void {
    this.#of(resource).known(version, endedMs);
  }

  /** In milliseconds; 0 for an answer that was current. */
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
