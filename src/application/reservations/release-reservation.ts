import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { ReservationQueries } from '../../domain/reservations/ports.js';
import { Reservation } from '../../domain/reservations/reservation.js';
import { locksOf } from './locks-of.js';

/** Frees the units of a reservation before its end. A repeat has no effect. */
export class ReleaseReservation {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reservations: ReservationQueries,
  ) {}

  execute(userId: string, id: string, scope: RequestScope = {}): Promise<void> {
    const locks = () => this.#locksFor(userId, id);
    const batch = { reservations: [id] };
    return this.unitOfWork.run({ ...scope, locks, batch }, async (tx) => {
      const released = (await tx.reservations.get(id)).release();
      if (!released) return;
      const { productId, quantity } = released.state;
      await tx.stocks.save((await tx.stocks.get(productId)).free(quantity));
      await tx.reservations.save(released);
    });
  }

  async #locksFor(userId: string, id: string): Promise<readonly string[]> {
    const reservation = Reservation.restore(await this.reservations.get(id));
    reservation.requireOwner(userId);
    return locksOf(reservation);
  }
}
