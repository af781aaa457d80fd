import { DomainError } from '../errors.js';

/** What a quota limits by number. Each open one uses a slot of its owner. */
export type Slotted = 'unpaidOrders' | 'holds' | 'queuedOrders';

/** The most that one customer may have open at once; 0 is no limit. */
export type QuotaLimits = Readonly<Record<Slotted | 'units', number>>;

/** What a customer has open at one moment. It contains only what was counted. */
export interface OpenClaims {
  /** Slots that orders use while they wait for payment. */
  readonly unpaidOrders: readonly number[];
  /** Slots that reservations use. */
  readonly holds: readonly number[];
  /**
   * An upper bound of the units of any one product, in reservations and in unpaid orders: the sum of
   * the largest quantity of each. It costs one row for each of them, not one for each of their items.
   */
  readonly units: number;
}

/** What can be counted together with the stocks of products. */
export type Counted = keyof OpenClaims;

/** Number of slots without a limit: so many that two requests hardly ever choose the same one. */
const MANY_SLOTS = 2 ** 31 - 1;

const NAMES = {
  unpaidOrders: 'unpaid_orders',
  holds: 'holds',
  queuedOrders: 'queued_orders',
  units: 'units',
} as const;

/** A customer would have more open than a quota allows. */
export interface QuotaDetails {
  /** Name of the quota, such as `unpaid_orders`. */
  readonly quota: string;
  readonly limit: number;
  /** How much the customer has open already. */
  readonly current: number;
}

/**
 * Limits how much of a scarce product one customer can keep from the others without paying for it.
 *
 * Slots limit numbers: each open order, reservation or queued order uses a slot of its owner, and
 * no two use the same slot. The database refuses a slot that is taken. So requests at the same
 * time, on any instances, cannot exceed the limit together.
 *
 * Units of a product are counted together with its stock, or after it. Each request that takes
 * units saves the stock, so the version of the stock guards the count.
 */
export class Quotas {
  constructor(private readonly limits: QuotaLimits) {}

  /** The names that have a limit; only these must be counted. */
  limited<Name extends Slotted | 'units'>(...names: readonly Name[]): Name[] {
    return names.filter((name) => this.limits[name] > 0);
  }

  /**
   * Returns a free slot. It is random, so that requests at the same moment seldom choose the same
   * one.
   * @throws DomainError `quota_exceeded`
   */
  slot(of: Exclude<Slotted, 'queuedOrders'>, taken: readonly number[]): number {
    const slot = this.freeSlot(of, taken);
    if (slot === undefined) throw quotaExceeded(this.full(of, taken));
    return slot;
  }

  /** Undefined when all slots are used. */
  freeSlot(of: Slotted, taken: readonly number[]): number | undefined {
    const limit = this.limits[of];
    if (limit > 0 && taken.length >= limit) return undefined;
    const slots = limit > 0 ? limit : MANY_SLOTS;
    for (;;) {
      const slot = 1 + Math.floor(Math.random() * slots);
      if (!taken.includes(slot)) return slot;
    }
  }

  /** The details of the refusal when every slot is used. */
  full(of: Slotted, taken: readonly number[]): QuotaDetails {
    return { quota: NAMES[of], limit: this.limits[of], current: taken.length };
  }

  /** Whether the customer may have these units more, where `current` are open. */
  allowsUnits(quantity: number, current: number): boolean {
    const limit = this.limits.units;
    return limit === 0 || current + quantity <= limit;
  }

  /** @throws DomainError `quota_exceeded` the customer would have too many units of the product */
  requireUnits(productId: string, quantity: number, current: number): void {
    if (this.allowsUnits(quantity, current)) return;
    const limit = this.limits.units;
    const details = { quota: NAMES.units, limit, current };
    throw quotaExceeded({ ...details, requested: quantity, productId });
  }
}

/** No limits at all. */
export const UNLIMITED = new Quotas({ unpaidOrders: 0, holds: 0, queuedOrders: 0, units: 0 });

const REASONS: Readonly<Record<string, string>> = {
  unpaid_orders: 'You have as many unpaid orders as one customer may have: pay or cancel some.',
  holds: 'You have as many reservations as one customer may have: confirm or release some.',
  units: 'You would have more unpaid units of the product than one customer may have.',
};

type Exceeded = QuotaDetails & { readonly requested?: number; readonly productId?: string };

function quotaExceeded(details: Exceeded): DomainError {
  return new DomainError('quota_exceeded', REASONS[details.quota] ?? '', { ...details });
}
