import { DomainError } from '../errors.js';
import { totalOf } from '../orders/order.js';

export type ReservationStatus = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

export interface ReservationState {
  readonly id: string;
  readonly userId: string;
  readonly productId: string;
  readonly quantity: number;
  /** Points a unit cost when it was reserved, and what the order will say. */
  readonly unitPrice: number;
  readonly status: ReservationStatus;
  /** The order made of it, null unless it is confirmed. */
  readonly orderId: string | null;
  /** From this instant on it can no longer be confirmed. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** Units of one product set aside for a customer, until it ends in one of three ways, once. */
export class Reservation {
  private constructor(
    readonly state: ReservationState,
    /** Its owner's slot for a reservation, while it is new; saving any change frees the slot. */
    readonly slot?: number,
  ) {}

  /** @throws DomainError `order_total_too_large` */
  static hold(
    fields: Pick<ReservationState, 'id' | 'userId' | 'productId' | 'quantity' | 'unitPrice'>,
    now: Date,
    holdMs: number,
    slot?: number,
  ): Reservation {
    // Units that no order could ever be made of would be held for nothing.
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

  /** Another customer's reservation is answered like one that does not exist. */
  requireOwner(userId: string): void {
    if (this.state.userId !== userId) throw reservationNotFound(this.state.id);
  }

  /**
   * A refusal is final: neither the end nor the time of a reservation is ever undone.
   * @throws DomainError `reservation_expired` its time has run out, swept or not
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
   * Undefined when its units are free already, so that asking again does no harm.
   * @throws DomainError `reservation_not_releasable` its units belong to an order
   */
  release(): Reservation | undefined {
    if (this.state.status === 'CONFIRMED') {
      throw this.refusal('reservation_not_releasable', 'The units belong to an order by now.');
    }
    return this.state.status === 'HELD' ? this.become('RELEASED') : undefined;
  }

  /** Undefined while it has time left, and when it ended in another way. */
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
