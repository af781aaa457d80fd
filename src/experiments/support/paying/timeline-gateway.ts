import type { ChargeLedger } from '../../../adapters/payment/sandbox/charge-ledger.js';
import {
  type Charge,
  type ChargeRequest,
  type ChargeStatus,
  PaymentGateway,
} from '../../../domain/payments/payment-gateway.js';
import type { Note } from '../timeline.js';

/**
 * The bank of the payment sandbox, as one process calls it. Each step is recorded. The process can be
 * killed before or after a step: then the call never returns.
 */
export class TimelineGateway extends PaymentGateway {
  readonly #killed = Promise.withResolvers<void>();

  constructor(
    private readonly book: ChargeLedger,
    private readonly note: Note,
    private readonly dies?: { readonly before?: 'refund'; readonly after?: 'authorise' },
  ) {
    super();
  }

  /** Resolves once the process is dead. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  override async authorise(request: ChargeRequest): Promise<Charge> {
    const charge = this.#noted(this.book.authorise(request.reference, request));
    if (this.dies?.after === 'authorise') await this.#die();
    return charge;
  }

  override async find(reference: string): Promise<Charge | undefined> {
    return this.book.find(reference);
  }

  override async capture(reference: string): Promise<Charge> {
    return this.#noted(this.book.capture(reference));
  }

  override async void(reference: string): Promise<Charge> {
    return this.#noted(this.book.void(reference));
  }

  override async refund(reference: string): Promise<Charge> {
    if (this.dies?.before === 'refund') await this.#die();
    return this.#noted(this.book.refund(reference));
  }

  #noted(charge: (Charge & { readonly amount: number }) | undefined): Charge {
    if (!charge) throw new Error('the bank has no such charge');
    this.note(charge.status satisfies ChargeStatus, charge.amount);
    return charge;
  }

  /** As after SIGKILL: the caller runs nothing after this call, not even `finally`. */
  #die(): Promise<never> {
    this.note('killed');
    this.#killed.resolve();
    return new Promise(() => {});
  }
}
