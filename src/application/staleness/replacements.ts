interface Known {
  readonly version: number;
  readonly atMs: number;
}

/**
 * When the versions of one resource were replaced, as far as anybody was told.
 *
 * A step is kept only while no later version was known as early, so versions and moments rise
 * together, and the first step above a version is the moment from which that was replaced.
 */
export class Replacements {
  readonly #steps: Known[] = [];

  /** With a limit the oldest are forgotten: a very old version then looks less old than it is. */
  constructor(private readonly limit = Number.POSITIVE_INFINITY) {}

  /** That `version`, or a later one, was the truth at that moment. */
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

  /** Undefined: not replaced, as far as is known. */
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
