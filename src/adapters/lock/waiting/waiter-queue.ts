import { LinkedList } from '../../timeouts/linked-list.js';
import type { Waiter } from './waiter.js';
import type { WaiterLimit } from './waiter-limit.js';

/** Waiters in arrival order, any of whom may leave; together they are part of the crowd. */
export class WaiterQueue<T> extends LinkedList<Waiter<T>> {
  constructor(private readonly crowd: WaiterLimit) {
    super();
  }

  override add(waiter: Waiter<T>): void {
    super.add(waiter);
    this.crowd.size += 1;
  }

  override delete(waiter: Waiter<T>): boolean {
    const stood = super.delete(waiter);
    if (stood) this.crowd.size -= 1;
    return stood;
  }
}
