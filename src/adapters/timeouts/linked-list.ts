/** What stands in the one chain that alone changes these fields. */
export interface ListNode<T> {
  isLinked: boolean;
  before: T | undefined;
  behind: T | undefined;
}

/**
 * A queue that any of its links may leave.
 *
 * In place of a Set where links come and go all the time: the first of a Set is found by passing
 * over all that were deleted, and V8 keeps what a table held through those it outgrew.
 */
export class LinkedList<T extends ListNode<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first;
  }

  /** At the end. */
  add(link: T): void {
    link.isLinked = true;
    link.before = this.#last;
    if (this.#last) this.#last.behind = link;
    else this.#first = link;
    this.#last = link;
    this.#size += 1;
  }

  /** Answers whether it was there. */
  delete(link: T): boolean {
    if (!link.isLinked) return false;
    const { before, behind } = link;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
    link.isLinked = false;
    link.before = undefined;
    link.behind = undefined;
    this.#size -= 1;
    return true;
  }

  /** Takes the first out. */
  shift(): T | undefined {
    const first = this.#first;
    if (first) this.delete(first);
    return first;
  }

  /** Takes all out. */
  clear(): readonly T[] {
    const links: T[] = [];
    for (let next = this.shift(); next; next = this.shift()) links.push(next);
    return links;
  }
}
