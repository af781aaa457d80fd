import type { ChargeRequest, ChargeStatus } from '../../../domain/payments/payment-gateway.js';
import { ruleOf } from './sandbox-tokens.js';

/** A charge in the ledger; it does not contain the token. */
export interface LedgerCharge {
  readonly number: number;
  /** The idempotency key of the charge; empty for a reference that was voided before its charge. */
  readonly key: string;
  readonly reference: string;
  readonly orderId: string;
  readonly amount: number;
  readonly status: ChargeStatus;
}

/** The points of one order by status. */
export interface OrderSums {
  readonly orderId: string;
  readonly charges: number;
  /** Authorised, and neither captured nor voided. */
  readonly authorised: number;
  /** Captured, also if refunded later. */
  readonly captured: number;
  readonly refunded: number;
  readonly voided: number;
}

/**
 * The ledger of the sandbox with its rules. Like a bank it makes one charge for each idempotency key:
 * another key is another charge, also for the same reference.
 */
export class ChargeLedger {
  readonly #byKey = new Map<string, LedgerCharge>();
  readonly #byReference = new Map<string, LedgerCharge>();
  readonly #all = new Map<number, LedgerCharge>();

  constructor(
    /** Stores each change before its response is sent. */
    private readonly record: (charge: LedgerCharge) => void = () => {},
    earlier: Iterable<LedgerCharge> = [],
  ) {
    for (const charge of earlier) this.#keep(charge);
  }

  authorise(key: string, { reference, orderId, amount, token }: ChargeRequest): LedgerCharge {
    const known = this.#byKey.get(key) ?? this.#closed(reference);
    if (known) return known;
    const status = ruleOf(token).declines ? 'declined' : 'authorised';
    return this.#book({ number: this.#all.size + 1, key, reference, orderId, amount, status });
  }

  find(reference: string): LedgerCharge | undefined {
    return this.#byReference.get(reference);
  }

  /** Returns undefined when the charge does not exist. */
  capture(reference: string): LedgerCharge | undefined {
    return this.#move(reference, 'authorised', 'captured');
  }

  void(reference: string): LedgerCharge {
    const voided = this.#move(reference, 'authorised', 'voided');
    const number = this.#all.size + 1;
    const nothing = { key: '', orderId: '', amount: 0, status: 'voided' } as const;
    return voided ?? this.#book({ number, reference, ...nothing });
  }

  /** Returns undefined when the charge does not exist. */
  refund(reference: string): LedgerCharge | undefined {
    return this.#move(reference, 'captured', 'refunded');
  }

  /** The sums of every order that has a charge. */
  orders(): OrderSums[] {
    const byOrder = Map.groupBy(this.#all.values(), ({ orderId }) => orderId);
    byOrder.delete('');
    return [...byOrder].map(([orderId, charges]) => sumsOf(orderId, charges));
  }

  #closed(reference: string): LedgerCharge | undefined {
    const known = this.#byReference.get(reference);
    return known?.key === '' ? known : undefined;
  }

  #move(reference: string, from: ChargeStatus, to: ChargeStatus): LedgerCharge | undefined {
    const charge = this.#byReference.get(reference);
    return charge?.status === from ? this.#book({ ...charge, status: to }) : charge;
  }

  #book(charge: LedgerCharge): LedgerCharge {
    this.record(charge);
    return this.#keep(charge);
  }

  #keep(charge: LedgerCharge): LedgerCharge {
    this.#all.set(charge.number, charge);
    if (charge.key !== '') this.#byKey.set(charge.key, charge);
    // A reference always names its first charge.
    const first = this.#byReference.get(charge.reference);
    if (!first || first.number === charge.number) this.#byReference.set(charge.reference, charge);
    return charge;
  }
}

function sumsOf(orderId: string, charges: readonly LedgerCharge[]): OrderSums {
  const sum = (...statuses: readonly ChargeStatus[]) =>
    charges.reduce((total, { amount, status }) => {
      return statuses.includes(status) ? total + amount : total;
    }, 0);
  return {
    orderId,
    charges: charges.length,
    authorised: sum('authorised'),
    captured: sum('captured', 'refunded'),
    refunded: sum('refunded'),
    voided: sum('voided'),
  };
}
