import { DomainError } from '../errors.js';

/** Of what a quota bounds the number; each open one takes a slot of its owner. */
export type Slotted = 'unpaidOrders' | 'holds' | 'queuedOrders';

/** How much one customer may have open at once; 0: as much as they like. */
export type QuotaLimits = Readonly<Record<Slotted | 'units', number>>;

/** What a customer has open at one moment, as far as it was asked for. */
export interface OpenClaims {
  /** Slots that orders waiting for payment take. */
  readonly unpaidOrders: readonly number[];
  /** Slots that reservations take. */
  readonly holds: readonly number[];
  /** Units by product, held by reservations or in unpaid orders; absent: none. */
  readonly units: ReadonlyMap<string, number>;
}

/** What can be counted together with the stocks of products. */
export type Counted = keyof OpenClaims;

/** Slots of something without a limit: so many that two hardly ever meet. */
const MANY_SLOTS = 2 ** 31 - 1;

const NAMES = {
  unpaidOrders: 'unpaid_orders',
  holds: 'holds',
  queuedOrders: 'queued_orders',
  units: 'units',
} as const;

/** A customer wants more than one may have open at once. */
export interface QuotaDetails {
  /** Which quota, as in `unpaid_orders`. */
  readonly quota: string;
  readonly limit: number;
  /** How much the customer has open already. */
  readonly current: number;
}

/**
 * How much of what is scarce one customer may keep from the others without having paid for it.
 *
 * A number is bounded by slots: each open order, reservation or queued order has a slot of its
 * owner that no other open one has. The database refuses a slot that is taken, so requests that
 * run at once, on whatever instances, cannot pass the limit together. Units of a product are
 * counted with its stock, which every request that takes units saves: the stock's version guards the count.
 */
export class Quotas {
  constructor(private readonly limits: QuotaLimits) {}

  /** Those of these that are limited at all, and so have to be counted. */
  limited<Name extends Slotted | 'units'>(...names: readonly Name[]): Name[] {
    return names.filter((name) => this.limits[name] > 0);
  }

  /**
   * A free slot. It is a random one, so that requests at the same moment seldom choose the same.
   * @throws DomainError `quota_exceeded`
   */
  slot(of: Exclude<Slotted, 'queuedOrders'>, taken: readonly number[]): number {
    const slot = this.freeSlot(of, taken);
    if (slot === undefined) throw quotaExceeded(this.full(of, taken));
    return slot;
  }

  /** Undefined when all are taken. */
  freeSlot(of: Slotted, taken: readonly number[]): number | undefined {
    const limit = this.limits[of];
    if (limit > 0 && taken.length >= limit) return undefined;
    const slots = limit > 0 ? limit : MANY_SLOTS;
    for (;;) {
      const slot = 1 + Math.floor(Math.random() * slots);
      if (!taken.includes(slot)) return slot;
    }
  }

  /** The refusal when every slot is taken. */
  full(of: Slotted, taken: readonly number[]): QuotaDetails {
    return { quota: NAMES[of], limit: this.limits[of], current: taken.length };
  }

  /** @throws DomainError `quota_exceeded` with what is held the customer would have too many */
  requireUnits(productId: string, quantity: number, { units }: OpenClaims): void {
    const limit = this.limits.units;
    const current = units.get(productId) ?? 0;
    if (limit === 0 || current + quantity <= limit) return;
    const details = { quota: NAMES.units, limit, current };
    throw quotaExceeded({ ...details, requested: quantity, productId });
  }
}

/** As for a shop in which everybody may have everything. */
export const UNLIMITED = new Quotas({ unpaidOrders: 0, holds: 0, queuedOrders: 0, units: 0 });

const REASONS: Readonly<Record<string, string>> = {
  unpaid_orders: 'You have as many unpaid orders as one customer may have: pay or cancel some.',
  holds: 'You have as many reservations as one customer may have: confirm or release some.',
  units: 'You would hold more units of the product than one customer may without paying.',
};

type Exceeded = QuotaDetails & { readonly requested?: number; readonly productId?: string };

function quotaExceeded(details: Exceeded): DomainError {
  return new DomainError('quota_exceeded', REASONS[details.quota] ?? '', { ...details });
}
