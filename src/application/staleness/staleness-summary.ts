/** How stale many answers were; times in milliseconds. */
export interface StalenessFigures {
  readonly answers: number;
  readonly stale: number;
  /** Over all answers; a current answer counts as 0. */
  readonly p99Ms: number;
  readonly worstMs: number;
  readonly beyondBound: number;
}

/** Counts answers by how stale they were. */
export class StalenessSummary {
  readonly #staleMs: number[] = [];
  #answers = 0;
  #beyond = 0;

  constructor(readonly boundMs: number) {}

  add(staleMs: number): void {
    this.#answers += 1;
    if (staleMs > 0) this.#staleMs.push(staleMs);
    if (staleMs > this.boundMs) this.#beyond += 1;
  }

  get figures(): StalenessFigures {
    const stale = this.#staleMs.toSorted((one, other) => other - one);
    return {
      answers: this.#answers,
      stale: stale.length,
      p99Ms: stale[Math.floor(this.#answers / 100)] ?? 0,
      worstMs: stale[0] ?? 0,
      beyondBound: this.#beyond,
    };
  }
}
