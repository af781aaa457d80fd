import type { CardPayment, CardPaymentState } from '../../domain/payments/card-payment.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { CardPaymentObserver } from './card-payment-observer.js';
import type { Ask, CardPaymentSteps } from './card-payment-steps.js';

/** How far a payment came, and what kept it from going on. */
export interface Progress {
  readonly payment: CardPayment;
  readonly failure?: unknown;
}

/**
 * Drives a payment by card on, step by step, until it is settled. A driver that dies or sleeps at
 * any point is followed by another that asks again, and two at once do no harm: the gateway takes
 * a repeat for what it is, and a transition that another has made already is none.
 */
export class SettleCardPayment {
  constructor(
    private readonly steps: CardPaymentSteps,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
    /** How long one driver may take before another may go on, in milliseconds. */
    private readonly claimMs: number,
  ) {}

  /** For whoever has just started it, and has the only word on the card. */
  start(payment: CardPayment, token: string): Promise<Progress> {
    return this.go(payment, () => this.steps.ask(payment.state, token));
  }

  /**
   * Undefined while another drives it. The gateway is asked what became of it; with the token, it
   * is asked for anew where the gateway never heard of it.
   */
  async resume(state: CardPaymentState, token?: string): Promise<Progress | undefined> {
    let isMine = false;
    const payment = await this.steps.change(state, (current) => {
      const claimed = current.claim(this.clock.now(), this.claimMs);
      isMine = claimed !== undefined;
      return claimed ?? current;
    });
    return isMine ? this.go(payment, () => this.steps.askAgain(payment.state, token)) : undefined;
  }

  private async go(payment: CardPayment, ask: Ask): Promise<Progress> {
    let current = payment;
    try {
      while (!current.isSettled) {
        const next = await this.steps.next(current.state, ask);
        if (next.state.status === current.state.status) return await this.wait(next);
        current = next;
      }
      return { payment: current };
    } catch (failure) {
      this.observer.failed(current.state.id, failure);
      // The claim ends by itself.
      await this.postpone(current.state).catch(() => {});
      return { payment: current, failure };
    }
  }

  private async wait({ state }: CardPayment): Promise<Progress> {
    return { payment: await this.postpone(state) };
  }

  private postpone(state: CardPaymentState): Promise<CardPayment> {
    return this.steps.change(state, (payment) => payment.postpone(this.clock.now()));
  }
}
