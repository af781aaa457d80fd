import { setTimeout as pause } from 'node:timers/promises';
import {
  type Charge,
  type ChargeRequest,
  PaymentGateway,
} from '../../../domain/payments/payment-gateway.js';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { ChargeLedger } from './charge-ledger.js';
import { ruleOf } from './sandbox-tokens.js';

/** How late a late answer is, in milliseconds. */
const LATE_MS = 1_000;

/**
 * The sandbox inside the process, for when no gateway is configured: the tokens and rules of the
 * sandbox server, and charges that end with the process.
 *
 * What it has forgotten, or another instance's has made, it takes for authorised: so after a
 * restart every payment comes to its end as it would have, though no sum is kept of it.
 */
export class SandboxGateway extends PaymentGateway {
  private readonly book = new ChargeLedger();

  override async authorise(request: ChargeRequest): Promise<Charge> {
    const isFirst = !this.book.find(request.reference);
    const charge = this.book.authorise(request.reference, request);
    const { answers } = ruleOf(request.token);
    if (answers === 'never') throw noAnswer();
    if (answers === 'late' && isFirst) await pause(LATE_MS);
    return charge;
  }

  override async find(reference: string): Promise<Charge | undefined> {
    return this.book.find(reference);
  }

  override async capture(reference: string): Promise<Charge> {
    return this.book.capture(reference) ?? { status: 'captured' };
  }

  override async void(reference: string): Promise<Charge> {
    return this.book.void(reference);
  }

  override async refund(reference: string): Promise<Charge> {
    return this.book.refund(reference) ?? { status: 'refunded' };
  }
}

function noAnswer(): Error {
  return new DependencyUnavailableError('payment_gateway', new Error('no answer'));
}
