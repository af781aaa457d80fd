import { DomainError } from '../errors.js';
import { totalOf } from '../orders/order.js';

export type ReservationStatus = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

export interface ReservationState {
  readonly id: string;
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
  /** Price of one unit in points when it was reserved; the order gets the same price. */
  readonly unitPrice: number;
  readonly status: ReservationStatus;
  /** The order that was made from it; null unless it is confirmed. */
  readonly orderId: string | null;
  /** From this instant on it cannot be confirmed any more. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** Units of one product that are set aside for a customer. It ends once, in one of three ways. */
export class Reservation {
  private constructor(
    readonly state: ReservationState,
    /** The slot of its owner for a reservation; set for a new one only. The next save frees it. */
    readonly slot?: number,
  ) {}

  /** @throws DomainError `order_total_too_large` */
  static hold(
    fields: Pick<ReservationState, 'id' | 'userId' | 'productId' | 'quantity' | 'unitPrice'>,
    now: Date,
    holdMs: number,
    slot?: number,
  ): Reservation {
    // Refuses units whose price is too large for any order: nobody could ever buy them.
    totalOf([fields]);
    const state: ReservationState = {
      ...fields,
      status: 'HELD',
      orderId: null,
      createdAt: now,
      expiresAt: new Date(now.getTime() + holdMs),
      version: 0,
    };
    return new Reservation(state, slot);
  }

  static restore(state: ReservationState): Reservation {
    return new Reservation(state);
  }

  /** For another customer the reservation does not exist. */
  requireOwner(userId: string): void {
    if (this.state.userId !== userId) throw reservationNotFound(this.state.id);
  }

  /**
   * A refusal is final, because a reservation that has ended or expired stays so.
   * @throws DomainError `reservation_expired` its time is over, whether or not a sweep has ended it
   * @throws DomainError `reservation_not_confirmable` it was confirmed or released before
   */
  requireConfirmable(now: Date): void {
    if (this.state.status === 'EXPIRED' || this.isDue(now)) {
      throw this.refusal('reservation_expired', 'The time to confirm the reservation is over.');
    }
    if (this.state.status !== 'HELD') {
      throw this.refusal('reservation_not_confirmable', 'The reservation has ended already.');
    }
  }

  /** @throws DomainError as `requireConfirmable` */
  confirm(orderId: string, now: Date): Reservation {
    this.requireConfirmable(now);
    return new Reservation({ ...this.state, status: 'CONFIRMED', orderId });
  }

  /**
   * Undefined when its units are free already, so a repeat does no harm.
   * @throws DomainError `reservation_not_releasable` its units belong to an order
   */
  release(): Reservation | undefined {
    if (this.state.status === 'CONFIRMED') {
      throw this.refusal('reservation_not_releasable', 'The units belong to an order by now.');
    }
    return this.state.status === 'HELD' ? this.become('RELEASED') : undefined;
  }

  /** Undefined while it has time left, or when it has ended in another way. */
  expire(now: Date): Reservation | undefined {
    return this.isDue(now) ? this.become('EXPIRED') : undefined;
  }

  private isDue(now: Date): boolean {
    return this.state.status === 'HELD' && now >= this.state.expiresAt;
  }

  private become(status: ReservationStatus): Reservation {
    return new Reservation({ ...this.state, status });
  }

  private refusal(code: DomainError['code'], message: string): DomainError {
    const { id, status, orderId } = this.state;
    const order = orderId === null ? {} : { orderId };
    return new DomainError(code, message, {
      reservationId: id,
      reservationStatus: status,
      ...order,
    });
  }
}

export function reservationNotFound(reservationId: string): DomainError {
  return new DomainError('reservation_not_found', 'There is no such reservation.', {
    reservationId,
  });
}
