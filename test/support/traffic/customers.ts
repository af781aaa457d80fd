import type { OrderSent } from '../../../tools/invariants/shop-state.js';
import { type Verdict, verdictOf } from '../../../tools/invariants/verdict.js';
import type { LoadShop } from '../../../tools/load/prepare-shop.js';
import { ApiClient, type ApiResponse } from '../api-client.js';
import { orderOf } from '../shop.js';
import { Backoff, FixedRate, RequestLog } from './request-log.js';

/** In points. */
const CHARGE = 7;
/** The first and the longest wait between two looks at a queued order. */
const POLL_MS = [1_000, 4_000] as const;
/** The longest time until a queued order is settled: a new instance joins the consumers in between. */
const SETTLE_MS = 30_000;

interface Key extends Record<string, string> {
  readonly 'Idempotency-Key': string;
}

export interface CustomerRates {
  readonly charges: number;
  readonly cardPayments: number;
  readonly queuedOrders: number;
}

/** What the customers of one shop did, and what they know about it. */
export interface CustomersSeen {
  readonly log: RequestLog;
  readonly orders: readonly OrderSent[];
  /** How many charges of each user were acknowledged. */
  readonly charges: ReadonlyMap<string, number>;
  /** How many charges each user sent, each once. */
  readonly chargesSent: ReadonlyMap<string, number>;
  readonly verdicts: readonly Verdict[];
}

/** Customers who charge wallets, pay by card, and order through the queue, at fixed rates. */
export class Customers implements Disposable {
  readonly #log = new RequestLog();
  readonly #orders: OrderSent[] = [];
  readonly #charges = new Map<string, number>();
  readonly #chargesSent = new Map<string, number>();
  readonly #accepted: string[] = [];
  readonly #unsettled: string[] = [];
  readonly #streams: readonly FixedRate[];
  #isOver = false;

  constructor(
    private readonly shop: LoadShop,
    rates: CustomerRates,
    private readonly settleMs = SETTLE_MS,
  ) {
    this.#streams = [
      new FixedRate(rates.charges, (number) => this.#charge(number)),
      new FixedRate(rates.cardPayments, (number) => this.#payByCard(number)),
      new FixedRate(rates.queuedOrders, (number) => this.#queue(number)),
    ];
  }

  /** Sends no new request, and resolves when all are settled. */
  async stop(): Promise<CustomersSeen> {
    await Promise.all(this.#streams.map((stream) => stream.stop()));
    const settled = verdictOf(
      'every queued order is settled',
      this.#accepted.length,
      this.#unsettled,
    );
    return {
      log: this.#log,
      orders: this.#orders,
      charges: this.#charges,
      chargesSent: this.#chargesSent,
      verdicts: [settled],
    };
  }

  /** Sends nothing more, and waits for nothing. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const stream of this.#streams) stream[Symbol.dispose]();
  }

  async #charge(number: number): Promise<void> {
    const { client, userId, key } = this.#customer(number, 'charge');
    this.#chargesSent.set(userId, (this.#chargesSent.get(userId) ?? 0) + 1);
    const { status } = await this.#log.seen('charge', () =>
      client.post('/v1/wallets/me/charges', { amount: CHARGE }, key),
    );
    if (status === 201) this.#charges.set(userId, (this.#charges.get(userId) ?? 0) + 1);
  }

  async #payByCard(number: number): Promise<void> {
    const { client, key } = this.#customer(number, 'card');
    const answer = await this.#log.seen('keyed order', () =>
      client.post('/v1/orders', this.#order(number), key),
    );
    const orderId = this.#ordered(number, 'card', answer);
    if (!orderId) return;
    const body = { method: 'card', token: 'tok_success' };
    const paying = { 'Idempotency-Key': `${key['Idempotency-Key']}-pay` };
    await this.#log.seen('card payment', () =>
      client.post(`/v1/orders/${orderId}/payments`, body, paying),
    );
  }

  async #queue(number: number): Promise<void> {
    const { client, userId, key } = this.#customer(number, 'queue');
    const headers = { ...key, Prefer: 'respond-async' };
    const answer = await this.#log.seen('queued order', () =>
      client.post('/v1/orders', this.#order(number), headers),
    );
    if (answer.status !== 202) {
      // Without an answer, or with a 503, the request may be in the queue.
      this.#sent(userId, key, answer.status);
      return;
    }
    const place = answer.headers.get('location') ?? '';
    this.#accepted.push(place);
    const until = performance.now() + this.settleMs;
    const backoff = new Backoff(...POLL_MS);
    let found: string | undefined;
    while (performance.now() < until && !this.#isOver) {
      const { status, body } = await this.#log.seen('settlement', () => client.get(place));
      if (body?.status === 'CONFIRMED') {
        this.#sent(userId, key, 201, body.orderId);
        return;
      }
      found = body?.status ?? `status ${status}`;
      if (found === 'REJECTED') {
        found = `rejected, ${body.code}`;
        break;
      }
      await backoff.wait();
    }
    this.#unsettled.push(`${place} of ${userId}: ${found}`);
  }

  #ordered(number: number, what: string, { status, body }: ApiResponse): string | undefined {
    const { userId, key } = this.#customer(number, what);
    const orderId = status === 201 ? (body.id as string) : undefined;
    this.#sent(userId, key, status, orderId);
    return orderId;
  }

  #sent(userId: string, key: Key, status: number, orderId?: string): void {
    this.#orders.push({ userId, key: key['Idempotency-Key'], status, orderId });
  }

  #order(number: number) {
    const products = [...this.shop.products.keys()];
    return orderOf(products[number % products.length] ?? '');
  }

  #customer(number: number, what: string) {
    const { customers, url, run } = this.shop;
    const { userId = '', token = '' } = customers[number % customers.length] ?? {};
    const key = { 'Idempotency-Key': `${run}-${what}-${number}` };
    return { userId, client: new ApiClient(url, token), key };
  }
}

/**
 * Compares the charges in the ledgers with those that were acknowledged and sent, each once. A charge whose
 * answer was lost may be in the ledger or not. Where no answer was lost, those acknowledged are also those sent.
 */
export function chargedOnce(
  { charges, chargesSent }: Pick<CustomersSeen, 'charges' | 'chargesSent'>,
  customers: readonly { readonly userId: string; readonly entries: readonly number[] }[],
): Verdict[] {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const { userId, entries } of customers) {
    const found = entries.filter((amount) => amount === CHARGE).length;
    const acknowledged = charges.get(userId) ?? 0;
    const sent = chargesSent.get(userId) ?? 0;
    if (found < acknowledged)
      lost.push(`${userId}: ${found} charges, ${acknowledged} acknowledged`);
    if (found > sent) doubled.push(`${userId}: ${found} charges, ${sent} sent`);
  }
  const total = [...charges.values()].reduce((sum, count) => sum + count, 0);
  return [
    verdictOf('every acknowledged charge is in the ledger', total, lost),
    verdictOf('no charge is in the ledger twice', total, doubled),
  ];
}
