import type { OrderRequestState } from '../../domain/orders/order-request.js';
import type { OrderRequestQueries } from '../../domain/orders/ports.js';

type Told = (state: OrderRequestState | undefined) => void;

/** Requests that are asked for in one query. */
const CHUNK = 500;

/**
 * Tells those who wait for a request how it was settled. However many wait in this process, the
 * database is asked by one query at a time, and not at all while nobody waits.
 */
export class SettlementWatch {
  private readonly waiting = new Map<string, Set<Told>>();

  constructor(private readonly requests: OrderRequestQueries) {}

  /** Undefined when the wait ended before: its signal aborted, or the process stops. */
  settled(requestId: string, signal?: AbortSignal): Promise<OrderRequestState | undefined> {
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const told: Told = (state) => {
        signal?.removeEventListener('abort', leave);
        this.forget(requestId, told);
        resolve(state);
      };
      const leave = () => told(undefined);
      signal?.addEventListener('abort', leave);
      const others = this.waiting.get(requestId) ?? new Set();
      this.waiting.set(requestId, others.add(told));
    });
  }

  /** How many requests are waited for. */
  get size(): number {
    return this.waiting.size;
  }

  /** Looks them up, and tells whoever waits for one that is settled by now. */
  async lookUp(): Promise<void> {
    const ids = [...this.waiting.keys()];
    for (let from = 0; from < ids.length; from += CHUNK) {
      for (const state of await this.requests.findMany(ids.slice(from, from + CHUNK))) {
        if (state.status !== 'QUEUED') this.tell(state.id, state);
      }
    }
  }

  /** Ends every wait. */
  stop(): void {
    for (const id of [...this.waiting.keys()]) this.tell(id, undefined);
  }

  private tell(id: string, state: OrderRequestState | undefined): void {
    for (const told of [...(this.waiting.get(id) ?? [])]) told(state);
  }

  private forget(id: string, told: Told): void {
    const others = this.waiting.get(id);
    others?.delete(told);
    if (others?.size === 0) this.waiting.delete(id);
  }
}
