import { v7 } from 'uuid';
import type { ApiClient } from '../../../support/api-client.js';
import { orderOf } from '../../../support/shop.js';

/** What a customer does with one order, step by step. Each step is a request with its own key. */
export const STORIES = {
  kept: ['pay tok_success'],
  refunded: ['pay tok_success', 'cancel'],
  'declined first': ['pay tok_declined', 'pay tok_success'],
  silent: ['pay tok_timeout'],
  'silent and refunded': ['pay tok_timeout', 'cancel'],
  late: ['pay tok_late'],
  'cancelled while it is paid': ['pay tok_late and cancel'],
  'sent twice': ['pay tok_twice and pay tok_twice'],
} as const;

export type Story = keyof typeof STORIES;

/** A customer who repeats each request with its key until an instance gives a final answer. */
export class Customer {
  readonly userId = `c-${v7()}`;
  orderId: string | undefined;
  isToldPaid = false;
  isCancelling = false;
  readonly #keys = new Map<string, string>();
  readonly #left: string[];

  constructor(
    story: Story,
    readonly productId: string,
  ) {
    this.#left = [...STORIES[story]];
  }

  /** Does the next steps. False when the instance is down, or does not know the outcome yet. */
  async go(client: ApiClient): Promise<boolean> {
    try {
      if (!this.orderId) await this.#order(client);
      for (let step = this.#left[0]; step; step = this.#left[0]) {
        const acts = step.split(' and ');
        const ended = await Promise.all(acts.map((act) => this.#act(act, client)));
        if (!ended.every(Boolean)) return false;
        this.#left.shift();
      }
      return this.orderId !== undefined;
    } catch {
      // No answer, because the instance has died.
      return false;
    }
  }

  async #order(client: ApiClient): Promise<void> {
    const answer = await client.post('/v1/orders', orderOf(this.productId), this.#key('order'));
    if (answer.status === 201) this.orderId = answer.body.id;
    else throw new Error(`an order answers ${answer.status}`);
  }

  async #act(act: string, client: ApiClient): Promise<boolean> {
    const [verb = '', token] = act.split(' ');
    const path = `/v1/orders/${this.orderId}`;
    if (verb === 'cancel') {
      this.isCancelling = true;
      return isLast(await client.post(`${path}/cancellations`, undefined, this.#key(act)));
    }
    const body = { method: 'card', token };
    const answer = await client.post(`${path}/payments`, body, this.#key(act));
    if (answer.status === 201) this.isToldPaid = true;
    return isLast(answer);
  }

  #key(act: string): Record<string, string> {
    const key = this.#keys.get(act) ?? v7();
    this.#keys.set(act, key);
    return { 'Idempotency-Key': key };
  }
}

function isLast({ status, body }: { status: number; body: { code?: string } }): boolean {
  return status < 500 && body.code !== 'idempotency_in_progress';
}
