import { type Quotas, UNLIMITED } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { Reservation, type ReservationState } from '../../domain/reservations/reservation.js';
import { stockKey } from '../../domain/resource-keys.js';
import type { KnownProducts } from '../catalogue/known-products.js';
import { requireUnits } from '../orders/require-units.js';

export interface ReservationRequest {
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
  readonly holdSeconds: number;
}

/** Reserves units for a customer at their current price. */
export class ReserveUnits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: KnownProducts,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly quotas: Quotas = UNLIMITED,
  ) {}

  execute(request: ReservationRequest, scope: RequestScope = {}): Promise<ReservationState> {
    const { userId, productId, quantity, holdSeconds } = request;
    const locks = () => this.products.keysOf([productId], stockKey);
    const counted = this.quotas.limited('holds', 'units');
    const buyers = [{ userId, productIds: [productId] }];
    return this.unitOfWork.run({ ...scope, locks, batch: { buyers, counted } }, async (tx) => {
      const offers = await tx.stocks.offers(buyers, counted);
      const claims = offers.claimsOf(userId);
      const { stock, price: unitPrice } = offers.one(productId);
      const held = stock.hold(quantity);
      const items = [{ productId, quantity }];
      await requireUnits(tx, this.quotas, { userId, items }, claims);
      const reservation = Reservation.hold(
        { id: this.ids.next(), userId, productId, quantity, unitPrice },
        this.clock.now(),
        holdSeconds * 1000,
        this.quotas.slot('holds', claims.holds),
      );
      await tx.stocks.save(held);
      return (await tx.reservations.save(reservation)).state;
    });
  }
}
