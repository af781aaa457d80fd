import type { MultiSlotLease } from '../leases/multi-slot-lease.js';
import { LockBusyError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { CohortBounds } from './lease-turns.js';
import type { LockRequest } from './lock-request.js';
import { WaiterGroup } from './waiter-group.js';
import type { WaiterLimit } from './waiter-queue.js';

/**
 * The waiters of this process for keys of several slots of a Redis Cluster.
 *
 * It asks slot by slot for them, so in the group of each slot it is one waiter among others.
 */
export class MultiSlotWaiterGroup extends WaiterGroup<MultiSlotLease> {
  /** Cancels the request that is under way. */
  #asking: AbortController | undefined;

  constructor(
    private readonly request: LockRequest,
    private readonly take: (request: LockRequest) => Promise<MultiSlotLease>,
    settings: LockSettings & CohortBounds,
    limit: WaiterLimit,
  ) {
    super(settings, limit);
  }

  protected override get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  protected override onAbandoned(): void {
    if (!this.#asking) return;
    this.#asking.abort(new LockBusyError(this.request.keys));
    this.#asking = undefined;
  }

  protected override endLease(lease: MultiSlotLease): Promise<void> {
    this.lease = undefined;
    if (this.hasWaiters) this.ask();
    return lease.release();
  }

  protected override ask(): void {
    this.#asking = new AbortController();
    void this.#ask(this.#asking);
  }

  /** Never rejects: a failure rejects the waiters. */
  async #ask(asking: AbortController): Promise<void> {
    // Each waiter has its own deadline; the last one to leave cancels the request.
    const waitMs = Number.POSITIVE_INFINITY;
    const { signal } = asking;
    const request = { ...this.request, waitMs, signal, tokens: this.settings.turns };
    try {
      this.#accept(await this.take(request), asking);
    } catch (error) {
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      this.rejectAll(error);
    }
  }

  #accept(lease: MultiSlotLease, asking: AbortController): void {
    if (this.#asking !== asking) {
      void lease.release();
      return;
    }
    this.#asking = undefined;
    // The holder may be stuck: the waiters need the keys of the parts that are not lost.
    const onLost = () => this.lease === lease && this.endLease(lease);
    lease.signal.addEventListener('abort', onLost, { once: true });
    this.begin(lease, this.settings.clock.now());
  }
}
