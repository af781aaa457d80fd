interface Known {
  readonly version: number;
  readonly atMs: number;
}

/**
 * When the versions of one resource were replaced, as far as clients could know.
 *
 * A step is removed when a later version was known at the same time or before. So versions and
 * times rise together, and the first step above a version is the time at which that version was
 * replaced.
 */
export class Replacements {
  readonly #steps: Known[] = [];

  /**
   * With a limit the oldest steps are removed. Then a very old version looks less stale than it is.
   */
  constructor(private readonly limit = Number.POSITIVE_INFINITY) {}

  /** At this time the database held `version` or a later one. */
  known(version: number, atMs: number): void {
    const steps = this.#steps;
    const above = this.#indexAbove(version - 1);
    const next = steps[above];
    if (next && next.atMs <= atMs) return;
    let from = above;
    while (from > 0 && (steps[from - 1] as Known).atMs >= atMs) from -= 1;
    const equal = next?.version === version ? 1 : 0;
    steps.splice(from, above - from + equal, { version, atMs });
    if (steps.length > this.limit) steps.shift();
  }

  /** In milliseconds; undefined: not replaced, as far as is known. */
  replacedAt(version: number): number | undefined {
    return this.#steps[this.#indexAbove(version)]?.atMs;
  }

  #indexAbove(version: number): number {
    let [low, high] = [0, this.#steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle] as Known).version > version) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
