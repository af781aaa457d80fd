import { Order, type OrderState } from '../../domain/orders/order.js';
import { type Quotas, UNLIMITED } from '../../domain/orders/quotas.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { ReservationQueries } from '../../domain/reservations/ports.js';
import { Reservation } from '../../domain/reservations/reservation.js';
import type { Buyer } from '../../domain/stock/offers.js';
import { locksOf } from './locks-of.js';

/** Turns a reservation into an order. Its units are never free in between. */
export class ConfirmReservation {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reservations: ReservationQueries,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Milliseconds that a customer has to pay, from the confirmation on. */
    private readonly paymentWindowMs: number,
    private readonly quotas: Quotas = UNLIMITED,
  ) {}

  execute(userId: string, id: string, scope: RequestScope = {}): Promise<OrderState> {
    const counted = this.quotas.limited('unpaidOrders');
    let buyers: Buyer[] = [];
    const locks = async () => {
      const reservation = await this.#read(userId, id);
      buyers = [{ userId, productIds: [reservation.state.productId] }];
      return locksOf(reservation);
    };
    const batch = () => ({ reservations: [id], buyers, counted });
    return this.unitOfWork.run({ ...scope, locks, batch }, async (tx) => {
      // Read under the lock and in each retry: the reservation may end during the wait.
      const now = this.clock.now();
      const orderId = this.ids.next();
      const confirmed = (await tx.reservations.get(id)).confirm(orderId, now);
      const { productId, quantity, unitPrice } = confirmed.state;
      const offers = await tx.stocks.offers(buyers, counted);
      const slot = this.quotas.slot('unpaidOrders', offers.claimsOf(userId).unpaidOrders);
      const items = [{ productId, quantity, unitPrice }];
      const order = Order.place({ id: orderId, userId, items }, now, this.paymentWindowMs, slot);
      await tx.stocks.save(offers.one(productId).stock.takeHeld(quantity));
      const saved = await tx.orders.save(order);
      await tx.reservations.save(confirmed);
      return saved.state;
    });
  }

  /** Reads the reservation without a lock. An ended one is refused before it waits for the stock. */
  async #read(userId: string, id: string): Promise<Reservation> {
    const reservation = Reservation.restore(await this.reservations.get(id));
    reservation.requireOwner(userId);
    reservation.requireConfirmable(this.clock.now());
    return reservation;
  }
}
