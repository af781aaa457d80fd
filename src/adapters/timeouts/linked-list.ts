/** What an item of a LinkedList needs. Only the list that contains the item changes these fields. */
export interface ListNode<T> {
  isLinked: boolean;
  previous: T | undefined;
  next: T | undefined;
}

/**
 * A queue from which any item can be removed.
 *
 * It is used instead of a Set where items come and go all the time. A Set passes over all deleted
 * items to find its first one, and V8 keeps the old tables of a Set that grew.
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

  /** Adds an item at the end. */
  add(item: T): void {
    item.isLinked = true;
    item.previous = this.#last;
    if (this.#last) this.#last.next = item;
    else this.#first = item;
    this.#last = item;
    this.#size += 1;
  }

  /** Returns whether the item was in the list. */
  delete(item: T): boolean {
    if (!item.isLinked) return false;
    const { previous, next } = item;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    item.isLinked = false;
    item.previous = undefined;
    item.next = undefined;
    this.#size -= 1;
    return true;
  }

  /** Removes and returns the first item; undefined when the list is empty. */
  shift(): T | undefined {
    const first = this.#first;
    if (first) this.delete(first);
    return first;
  }

  /** Removes and returns all items. */
  clear(): readonly T[] {
    const items: T[] = [];
    for (let next = this.shift(); next; next = this.shift()) items.push(next);
    return items;
  }
}
