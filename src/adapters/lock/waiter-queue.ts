import type { Waiter } from './waiter.js';

interface Place<T> {
  readonly waiter: Waiter<T>;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
}

/**
 * Waiters in arrival order, any of whom may leave.
 *
 * A linked list, since the first of a Set is found by passing over all that were deleted.
 */
export class WaiterQueue<T> {
  readonly #places = new Map<Waiter<T>, Place<T>>();
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  get size(): number {
    return this.#places.size;
  }

  add(waiter: Waiter<T>): void {
    const place: Place<T> = { waiter, before: this.#last, behind: undefined };
    if (this.#last) this.#last.behind = place;
    else this.#first = place;
    this.#last = place;
    this.#places.set(waiter, place);
  }

  delete(waiter: Waiter<T>): void {
    const place = this.#places.get(waiter);
    if (!place) return;
    this.#places.delete(waiter);
    const { before, behind } = place;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
  }

  /** Takes the first out. */
  shift(): Waiter<T> | undefined {
    const waiter = this.#first?.waiter;
    if (waiter) this.delete(waiter);
    return waiter;
  }

  /** Takes all out. */
  clear(): readonly Waiter<T>[] {
    const waiters = [...this.#places.keys()];
    this.#places.clear();
    this.#first = undefined;
    this.#last = undefined;
    return waiters;
  }
}
