import type { CardPayment, CardPaymentState } from '../../domain/payments/card-payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { Ask, CardPaymentObserver, CardPaymentSteps } from './card-payment-steps.js';

/** The state of a payment, and the failure that stopped its progress. */
export interface Progress {
  readonly payment: CardPayment;
  readonly failure?: unknown;
}

/**
 * Does the steps of a card payment until it is settled. When its process dies or stops at any point,
 * another process continues and asks the gateway again. Two at once do no harm: the gateway recognises
 * a repeated call, and a transition that is stored already is not stored again.
 */
export class SettleCardPayment {
  constructor(
    private readonly steps: CardPaymentSteps,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
    /** How long a process may work on a payment before another may continue it, in ms. */
    private readonly claimMs: number,
  ) {}

  /** For the request that started the payment; only it has the token of the card. */
  start(payment: CardPayment, token: string): Promise<Progress> {
    return this.#go(payment, () => this.steps.ask(payment.state, token));
  }

  /**
   * Continues a payment; undefined while another process works on it. It asks the gateway for the
   * charge. With the token it authorises again when the gateway does not know the charge.
   */
  async resume(state: CardPaymentState, token?: string): Promise<Progress | undefined> {
    let isMine = false;
    const payment = await this.steps.change(state, (current) => {
      const claimed = current.claim(this.clock.now(), this.claimMs);
      isMine = claimed !== undefined;
      return claimed ?? current;
    });
    return isMine ? this.#go(payment, () => this.steps.askAgain(payment.state, token)) : undefined;
  }

  async #go(payment: CardPayment, ask: Ask): Promise<Progress> {
    let current = payment;
    try {
      while (!current.isSettled) {
        const next = await this.steps.next(current.state, ask);
        if (next.state.status === current.state.status) return await this.#wait(next);
        current = next;
      }
      return { payment: current };
    } catch (failure) {
      this.observer.failed(current.state.id, failure);
      // When this fails, the claim expires.
      await this.#postpone(current.state).catch(() => {});
      return { payment: current, failure };
    }
  }

  async #wait({ state }: CardPayment): Promise<Progress> {
    return { payment: await this.#postpone(state) };
  }

  #postpone(state: CardPaymentState): Promise<CardPayment> {
    return this.steps.change(state, (payment) => payment.postpone(this.clock.now()));
  }
}
