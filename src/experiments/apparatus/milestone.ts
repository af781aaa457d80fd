/** A point that requests pass one after another, and where one can wait for others. */
export class Milestone {
  #passed = 0;
  readonly #waiting = new Set<{ readonly count: number; readonly goOn: () => void }>();

  /** How many have passed by now. */
  get passed(): number {
    return this.#passed;
  }

  pass(): void {
    this.#passed += 1;
    for (const { count, goOn } of this.#waiting) if (this.#passed >= count) goOn();
  }

  /** Resolves once `count` have passed, or when `patienceMs` are over. */
  async reachedBy(count: number, patienceMs: number): Promise<void> {
    if (this.#passed >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { count, goOn: resolve };
    this.#waiting.add(waiter);
    const timer = setTimeout(resolve, patienceMs);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
  }
}
