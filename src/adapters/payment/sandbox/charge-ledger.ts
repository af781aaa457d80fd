import type { ChargeRequest, ChargeStatus } from '../../../domain/payments/payment-gateway.js';
import { ruleOf } from './sandbox-tokens.js';

/** A charge as the sandbox keeps it: without the token. */
export interface LedgerCharge {
  readonly number: number;
  /** The idempotency key it was made under; empty where it was voided before it came. */
  readonly key: string;
  readonly reference: string;
  readonly orderId: string;
  readonly amount: number;
  readonly status: ChargeStatus;
}

/** Points by what became of them, for one order. */
export interface OrderSums {
  readonly orderId: string;
  readonly charges: number;
  /** Reserved and neither taken nor let go. */
  readonly authorised: number;
  /** Taken, and kept or given back since. */
  readonly captured: number;
  readonly refunded: number;
  readonly voided: number;
}

/**
 * The rules of the sandbox's bank. Like a bank, it makes one charge for one idempotency key and
 * knows nothing of what its callers meant: another key is another charge, for the same reference
 * too.
 */
export class ChargeLedger {
  private readonly byKey = new Map<string, LedgerCharge>();
  private readonly byReference = new Map<string, LedgerCharge>();
  private readonly all = new Map<number, LedgerCharge>();

  constructor(
    /** Is given each change before anyone is told of it. */
    private readonly record: (charge: LedgerCharge) => void = () => {},
    earlier: Iterable<LedgerCharge> = [],
  ) {
    for (const charge of earlier) this.keep(charge);
  }

  authorise(key: string, { reference, orderId, amount, token }: ChargeRequest): LedgerCharge {
    const known = this.byKey.get(key) ?? this.closed(reference);
    if (known) return known;
    const status = ruleOf(token).declines ? 'declined' : 'authorised';
    return this.book({ number: this.all.size + 1, key, reference, orderId, amount, status });
  }

  find(reference: string): LedgerCharge | undefined {
    return this.byReference.get(reference);
  }

  /** Undefined when there is none. */
  capture(reference: string): LedgerCharge | undefined {
    return this.move(reference, 'authorised', 'captured');
  }

  void(reference: string): LedgerCharge {
    const voided = this.move(reference, 'authorised', 'voided');
    const number = this.all.size + 1;
    const nothing = { key: '', orderId: '', amount: 0, status: 'voided' } as const;
    return voided ?? this.book({ number, reference, ...nothing });
  }

  /** Undefined when there is none. */
  refund(reference: string): LedgerCharge | undefined {
    return this.move(reference, 'captured', 'refunded');
  }

  /** The sums of every order there was a charge for. */
  orders(): OrderSums[] {
    const byOrder = Map.groupBy(this.all.values(), ({ orderId }) => orderId);
    byOrder.delete('');
    return [...byOrder].map(([orderId, charges]) => sumsOf(orderId, charges));
  }

  private closed(reference: string): LedgerCharge | undefined {
    const known = this.byReference.get(reference);
    return known?.key === '' ? known : undefined;
  }

  private move(reference: string, from: ChargeStatus, to: ChargeStatus): LedgerCharge | undefined {
    const charge = this.byReference.get(reference);
    return charge?.status === from ? this.book({ ...charge, status: to }) : charge;
  }

  private book(charge: LedgerCharge): LedgerCharge {
    this.record(charge);
    return this.keep(charge);
  }

  private keep(charge: LedgerCharge): LedgerCharge {
    this.all.set(charge.number, charge);
    if (charge.key !== '') this.byKey.set(charge.key, charge);
    // A reference means the first charge it was used for.
    const first = this.byReference.get(charge.reference);
    if (!first || first.number === charge.number) this.byReference.set(charge.reference, charge);
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
