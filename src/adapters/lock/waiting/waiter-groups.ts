/** Characters of the ids of all groups, while idle ones stay: about 1,500 groups for one key, one megabyte. */
const MAX_CHARACTERS = 100_000;

/**
 * The groups of waiters of one lock, by the keys that they wait for.
 *
 * An idle group stays, because its keys are likely to be asked for again. When there are too many groups,
 * or after a time without waiters, all idle ones are forgotten at once.
 */
export class WaiterGroups<G extends { readonly isIdle: boolean }> {
  readonly #groups = new Map<string, G>();
  #characters = 0;
  #forgetAt = MAX_CHARACTERS;

  get size(): number {
    return this.#groups.size;
  }

  get(id: string): G | undefined {
    return this.#groups.get(id);
  }

  /** Whether a group has waiters or a lease. */
  get isBusy(): boolean {
    return this.all().some((group) => !group.isIdle);
  }

  /** Returns the group for these keys, unless it is idle. */
  busy(id: string): G | undefined {
    const group = this.#groups.get(id);
    return group?.isIdle ? undefined : group;
  }

  /** Adds a group that is in use before the next one is added. */
  add(id: string, group: G): void {
    this.#characters += id.length;
    if (this.#characters > this.#forgetAt) this.forgetIdle();
    this.#groups.set(id, group);
  }

  all(): readonly G[] {
    return [...this.#groups.values()];
  }

  forgetIdle(): void {
    for (const [id, group] of this.#groups) {
      if (!group.isIdle) continue;
      this.#groups.delete(id);
      this.#characters -= id.length;
    }
    // Twice the busy ones, so that the next search comes after as many new groups.
    this.#forgetAt = Math.max(MAX_CHARACTERS, 2 * this.#characters);
  }
}
