import type { OrderRequestState } from '../../domain/orders/order-request.js';
import type { OrderRequestQueries } from '../../domain/orders/ports.js';

type Resolve = (state: OrderRequestState | undefined) => void;

/** Requests that one query reads. */
const CHUNK = 500;

/**
 * Lets callers wait until an order request is settled. All waiters of this process share the same
 * queries. Without a waiter there is no query.
 */
export class SettlementNotifier {
  readonly #waiting = new Map<string, Set<Resolve>>();

  constructor(private readonly requests: OrderRequestQueries) {}

  /** Undefined: the wait ended first, because `signal` aborted or the process stops. */
  settled(requestId: string, signal?: AbortSignal): Promise<OrderRequestState | undefined> {
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end: Resolve = (state) => {
        signal?.removeEventListener('abort', onAbort);
        this.#remove(requestId, end);
        resolve(state);
      };
      const onAbort = () => end(undefined);
      signal?.addEventListener('abort', onAbort);
      const others = this.#waiting.get(requestId) ?? new Set();
      this.#waiting.set(requestId, others.add(end));
    });
  }

  /** The number of requests with a waiter. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Reads the requests with a waiter, and resolves the waiters of those that are settled. */
  async lookUp(): Promise<void> {
    const ids = [...this.#waiting.keys()];
    for (let from = 0; from < ids.length; from += CHUNK) {
      for (const state of await this.requests.findMany(ids.slice(from, from + CHUNK))) {
        if (state.status !== 'QUEUED') this.#resolve(state.id, state);
      }
    }
  }

  /** Ends every wait. */
  stop(): void {
    for (const id of [...this.#waiting.keys()]) this.#resolve(id, undefined);
  }

  #resolve(id: string, state: OrderRequestState | undefined): void {
    for (const resolve of [...(this.#waiting.get(id) ?? [])]) resolve(state);
  }

  #remove(id: string, resolve: Resolve): void {
    const others = this.#waiting.get(id);
    others?.delete(resolve);
    if (others?.size === 0) this.#waiting.delete(id);
  }
}
