import { ChargeLedger } from '../../../src/adapters/payment/sandbox/charge-ledger.js';
import {
  type Charge,
  type ChargeRequest,
  PaymentGateway,
} from '../../../src/domain/payments/payment-gateway.js';
import { DependencyUnavailableError } from '../../../src/domain/ports/failures.js';

/**
 * The fault of a call: its request or its answer is lost; the request arrives after the caller has
 * stopped waiting, or after everything else; the caller dies before or after the call.
 */
export type CallFault =
  | 'none'
  | 'request lost'
  | 'answer lost'
  | 'arrives late'
  | 'arrives last'
  | 'dies before'
  | 'dies after';

/** Runs the given function some time later. */
type Later = <T>(what: string, act: () => T) => Promise<T>;

/** The bank of the sandbox behind a network that has every fault. */
export class FaultyGateway extends PaymentGateway {
  readonly book = new ChargeLedger();
  readonly #last: (() => unknown)[] = [];

  constructor(
    private readonly later: Later,
    private readonly faultOf: (call: string) => CallFault,
    private readonly beforeCapture: (reference: string) => Promise<void> = async () => {},
  ) {
    super();
  }

  override authorise(request: ChargeRequest): Promise<Charge> {
    const key = `${request.reference}:authorise`;
    return this.#call('authorise', () => this.book.authorise(key, request));
  }

  override find(reference: string): Promise<Charge | undefined> {
    return this.#call('find', () => this.book.find(reference));
  }

  override async capture(reference: string): Promise<Charge> {
    await this.beforeCapture(reference);
    return this.#call('capture', () => known(this.book.capture(reference)));
  }

  override void(reference: string): Promise<Charge> {
    return this.#call('void', () => this.book.void(reference));
  }

  override refund(reference: string): Promise<Charge> {
    return this.#call('refund', () => known(this.book.refund(reference)));
  }

  /** The requests that were delayed until now arrive. */
  arriveLast(): void {
    for (const act of this.#last.splice(0)) act();
  }

  async #call<T>(name: string, act: () => T): Promise<T> {
    const fault = this.faultOf(name);
    if (fault === 'dies before') return forever();
    if (fault === 'arrives last') {
      this.#last.push(act);
      throw unavailable();
    }
    if (fault === 'arrives late') {
      void this.later(`${name} arrives late`, act);
      throw unavailable();
    }
    if (fault === 'request lost') throw unavailable();
    const answer = await this.later(`${name} arrives`, act);
    if (fault === 'dies after') return forever();
    if (fault === 'answer lost') throw unavailable();
    return this.later(`${name} is answered`, () => answer);
  }
}

/** A call by a process that has died never returns. */
export function forever(): Promise<never> {
  return new Promise(() => {});
}

function known(charge: Charge | undefined): Charge {
  if (!charge) throw new Error('a charge that was never authorised');
  return charge;
}

function unavailable(): Error {
  return new DependencyUnavailableError('payment_gateway', new Error('no answer'));
}
