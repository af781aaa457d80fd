import { setTimeout as pause } from 'node:timers/promises';
import { ShopClient } from '../../support/ordering/shop-client.js';

const TRIES = 20;

/** Pause before a request is sent again, where the answer says nothing, in milliseconds. */
const RETRY_MS = 250;

export interface Decision {
  readonly status: 201 | 409;
  /** The instance that answered. */
  readonly instance: string;
  /** Time from the first try to the answer, in milliseconds. */
  readonly waitMs: number;
}

/**
 * One buyer of a flash sale, as a client of the HTTP contract. Every change has an idempotency key, so the
 * buyer may send each request again when an instance is busy, or stops before it answers.
 */
export class SaleBuyer {
  private readonly client: ShopClient;
  /** Points before the order. */
  #opening = 0;

  constructor(
    private readonly userId: string,
    /** Distinguishes its requests from those of the same customer in other sales. */
    private readonly saleId: string,
    private readonly url: string,
    token: string,
    /** Aborts when no further try may begin. */
    private readonly signal: AbortSignal,
  ) {
    this.client = new ShopClient(token);
  }

  /** Charges the wallet so that it has at least `price` points. */
  async prepare(price: number): Promise<void> {
    this.#opening = await this.#balance();
    if (this.#opening >= price) return;
    const amount = price - this.#opening;
    await this.#change('/v1/wallets/me/charges', { amount }, 'charge');
    this.#opening = price;
  }

  /** Whether the wallet has what it had before the order, less `paid`. */
  async hasPaid(paid: number): Promise<boolean> {
    return (await this.#balance()) === this.#opening - paid;
  }

  /** Orders one unit and pays it; 409 when nothing is left. */
  async buy(productId: string): Promise<Decision> {
    const beganMs = performance.now();
    const order = { items: [{ productId, quantity: 1 }] };
    const answer = await this.#change('/v1/orders', order, 'order', 'insufficient_stock');
    const waitMs = performance.now() - beganMs;
    const instance = answer.headers.get('x-instance') ?? '';
    if (answer.status === 409) return { status: 409, instance, waitMs };
    const { id } = answer.body as { id: string };
    await this.#change(`/v1/orders/${id}/payments`, { method: 'points' }, 'payment');
    return { status: 201, instance, waitMs };
  }

  async #balance(): Promise<number> {
    const path = '/v1/wallets/me';
    const answer = await this.#decided(`GET ${path}`, 200, () => this.client.get(this.url + path));
    return answer.body.balance ?? 0;
  }

  /** Sends a change until it is decided. `refusal` is the code of a 409 that is a decision too. */
  #change(path: string, body: object, key: string, refusal?: string) {
    const headers = { 'Idempotency-Key': `${this.saleId}-${this.userId}-${key}` };
    const send = () => this.client.post(this.url + path, body, headers);
    return this.#decided(`POST ${path}`, 201, send, refusal);
  }

  /** Sends a request until its answer has the status `success`, or is a 409 with the code `refusal`. */
  async #decided(name: string, success: number, send: () => Promise<Response>, refusal?: string) {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#try(send);
      if (answer?.status === success) return answer;
      const code = answer?.body.code;
      if (answer?.status === 409 && code === refusal) return answer;
      if (!mayChange(answer?.status, code) || attempt === TRIES) {
        throw new Error(`${name} answered ${answer?.status ?? 'nothing'} ${code ?? ''}`);
      }
      await pause(RETRY_MS, undefined, { signal: this.signal });
    }
  }

  /** Undefined when the connection ended before an answer. */
  async #try(send: () => Promise<Response>) {
    try {
      const answer = await send();
      const text = await answer.text();
      // A proxy answers with a page when no instance does.
      const isJson = /json/.test(answer.headers.get('content-type') ?? '');
      const body = (isJson ? JSON.parse(text) : {}) as {
        id?: string;
        balance?: number;
        code?: string;
      };
      return { status: answer.status, headers: answer.headers, body };
    } catch (error) {
      // `fetch` throws it for every failure of the network.
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}

/** Whether the same request may succeed later: the instance is busy, or has stopped. */
function mayChange(status: number | undefined, code: string | undefined): boolean {
  if (status === undefined || status >= 502) return true;
  return status === 429 || code === 'idempotency_in_progress';
}
