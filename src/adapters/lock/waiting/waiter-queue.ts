import { Chain } from '../../timeouts/chain.js';
import type { Crowd } from './crowd.js';
import type { Waiter } from './waiter.js';

/** Waiters in arrival order, any of whom may leave; together they are part of the crowd. */
export class WaiterQueue<T> extends Chain<Waiter<T>> {
  constructor(private readonly crowd: Crowd) {
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
