import type { InstantClock } from '../../timeouts/instant.js';
import type { GrantedLease } from '../leases/granted-lease.js';
import { LockBusyError } from '../lock.js';
import type { LockRequest } from '../waiting/lock-request.js';
import { Waiter, type WaiterOwner } from '../waiting/waiter.js';
import type { SimpleStrategy } from './simple-strategy.js';
import type { WaitStrategy } from './wait-strategy.js';

/** The pauses of a spinning waiter: random, up to a bound that doubles each time. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** `spin`: asks again and again until the deadline; waiters are served in no order. */
export class SpinStrategy implements WaitStrategy {
  readonly #pausing = new Set<Waiter<never>>();
  readonly #owner: WaiterOwner<never> = { onLeft: (waiter) => this.#pausing.delete(waiter) };

  constructor(
    private readonly once: SimpleStrategy,
    private readonly backoff: Backoff,
    private readonly clock: InstantClock,
  ) {}

  async acquire(request: LockRequest): Promise<GrantedLease> {
    const end = this.clock.now().monotonicMs + request.waitMs;
    for (let bound = this.backoff.firstMs; ; bound = Math.min(bound * 2, this.backoff.longestMs)) {
      try {
        return await this.once.acquire(request);
      } catch (error) {
        const leftMs = end - this.clock.now().monotonicMs;
        if (!(error instanceof LockBusyError) || leftMs <= 0) throw error;
        await this.#pause(request, Math.min(leftMs, bound * (0.5 + Math.random() / 2)));
      }
    }
  }

  async close(reason: Error): Promise<void> {
    for (const waiter of this.#pausing) waiter.fail(reason);
    this.#pausing.clear();
  }

  async #pause(request: LockRequest, ms: number): Promise<void> {
    // It may have aborted while the last attempt was under way.
    request.signal?.throwIfAborted();
    const waiter = new Waiter<never>({ ...request, waitMs: ms }, this.#owner);
    this.#pausing.add(waiter);
    try {
      await waiter.promise;
    } catch (error) {
      if (!(error instanceof LockBusyError)) throw error;
    }
  }
}
