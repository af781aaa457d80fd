import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CardPaymentObserver } from '../../application/payments/card-payment-steps.js';
import type { CardPaymentStatus } from '../../domain/payments/card-payment.js';
import {
  type GatewayCall,
  type GatewayObserver,
  silentGatewayObserver,
} from '../payment/gateway-observer.js';

export type PaymentObserver = GatewayObserver & CardPaymentObserver;

export const silentPayments: PaymentObserver = {
  ...silentGatewayObserver,
  moved: () => {},
  failed: () => {},
};

const OPEN: readonly CardPaymentStatus[] = ['STARTED', 'CONFIRMED', 'VOIDING', 'REFUNDING'];

/** Counts the steps of card payments, for `/metrics`, and logs failed steps. */
export class PaymentMetrics implements PaymentObserver {
  readonly #calls: Histogram<'call' | 'outcome'>;
  readonly #moves: Counter<'to'>;
  readonly #failures: Counter;
  readonly #openOnes: Gauge<'status'>;

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    const registers = [registry];
    this.#calls = new Histogram({
      name: 'payment_gateway_seconds',
      help: 'Time until the payment gateway answered or the call failed, with its retries',
      labelNames: ['call', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#moves = new Counter({
      name: 'card_payment_transitions_total',
      help: 'Steps of card payments that this instance committed, by the new status',
      labelNames: ['to'],
      registers,
    });
    this.#failures = new Counter({
      name: 'card_payment_failures_total',
      help: 'Failed steps of card payments; each is tried again',
      registers,
    });
    this.#openOnes = new Gauge({
      name: 'card_payments_open',
      help: 'Card payments of all instances that are not settled, by status',
      labelNames: ['status'],
      registers,
    });
  }

  called(call: GatewayCall, outcome: string, ms: number): void {
    this.#calls.observe({ call, outcome }, ms / 1000);
  }

  moved(to: CardPaymentStatus): void {
    this.#moves.inc({ to });
  }

  failed(id: string, error: unknown): void {
    this.#failures.inc();
    this.logger.warn({ err: error, id }, 'a step of a card payment failed and is tried again');
  }

  open(counts: ReadonlyMap<CardPaymentStatus, number>): void {
    for (const status of OPEN) this.#openOnes.set({ status }, counts.get(status) ?? 0);
  }
}
