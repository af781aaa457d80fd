import { setTimeout as pause } from 'node:timers/promises';
import {
  type Charge,
  type ChargeRequest,
  PaymentGateway,
} from '../../../domain/payments/payment-gateway.js';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { ChargeLedger } from './charge-ledger.js';
import { ruleOf } from './sandbox-tokens.js';

/** Delay of a late response, in milliseconds. */
const LATE_MS = 1_000;

/**
 * The sandbox inside the process, used when no gateway is configured. It has the tokens and rules of
 * the sandbox server, but its charges are in memory.
 *
 * It treats a charge that it does not know as authorised. So after a restart, or at another instance,
 * every payment still completes.
 */
export class SandboxGateway extends PaymentGateway {
  readonly #book = new ChargeLedger();

  override async authorise(request: ChargeRequest): Promise<Charge> {
    const isFirst = !this.#book.find(request.reference);
    const charge = this.#book.authorise(request.reference, request);
    const { responds } = ruleOf(request.token);
    if (responds === 'never') throw noResponse();
    if (responds === 'late' && isFirst) await pause(LATE_MS);
    return charge;
  }

  override async find(reference: string): Promise<Charge | undefined> {
    return this.#book.find(reference);
  }

  override async capture(reference: string): Promise<Charge> {
    return this.#book.capture(reference) ?? { status: 'captured' };
  }

  override async void(reference: string): Promise<Charge> {
    return this.#book.void(reference);
  }

  override async refund(reference: string): Promise<Charge> {
    return this.#book.refund(reference) ?? { status: 'refunded' };
  }
}

function noResponse(): Error {
  return new DependencyUnavailableError('payment_gateway', new Error('no response'));
}
