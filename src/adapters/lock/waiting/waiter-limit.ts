import { LockBusyError } from '../lock.js';

/** How many wait at one lock, over all its queues, and how many may. */
export class WaiterLimit {
  size = 0;

  constructor(private readonly most: number) {}

  /** @throws LockBusyError too many wait already */
  admit(keys: readonly string[]): void {
    if (this.size >= this.most) throw new LockBusyError(keys, 'queue_full');
  }
}
