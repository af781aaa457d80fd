import type { Clock } from '../../domain/ports/clock.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { ReservationQueries } from '../../domain/reservations/ports.js';
import { Reservation } from '../../domain/reservations/reservation.js';
import { locksOf } from './locks-of.js';

/** Ends a reservation whose time is over, and frees its units, once. */
export class ExpireReservation {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reservations: ReservationQueries,
    private readonly clock: Clock,
  ) {}

  /** False when it has ended in another way, such as by a confirmation, or has time left. */
  execute(id: string, scope: RequestScope = {}): Promise<boolean> {
    const locks = async () => locksOf(Reservation.restore(await this.reservations.get(id)));
    return this.unitOfWork.run({ ...scope, locks }, async (tx) => {
      const expired = (await tx.reservations.get(id)).expire(this.clock.now());
      if (!expired) return false;
      const { productId, quantity } = expired.state;
      await tx.stocks.save((await tx.stocks.get(productId)).free(quantity));
      await tx.reservations.save(expired);
      return true;
    });
  }
}
