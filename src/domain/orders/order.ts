import { DomainError } from '../errors.js';
import { MAX_POINTS } from '../wallets/points.js';

export type OrderStatus = 'PENDING_PAYMENT' | 'PAID' | 'CANCELLED' | 'EXPIRED';

export type OrderEventType = 'order.placed' | 'order.paid' | 'order.cancelled' | 'order.expired';

export interface OrderItem {
  readonly productId: string;
  readonly quantity: number;
  /** Price of one unit in points when the order was placed. */
  readonly unitPrice: number;
}

export interface OrderState {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  /** Price of all items in points. */
  readonly total: number;
  /** From this instant on the order can no longer be paid. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** The event of each status: each change of status is recorded as an event. */
const EVENTS: Record<OrderStatus, OrderEventType> = {
  PENDING_PAYMENT: 'order.placed',
  PAID: 'order.paid',
  CANCELLED: 'order.cancelled',
  EXPIRED: 'order.expired',
};

/** A customer's purchase. It holds its units of stock until it is cancelled or expires. */
export class Order {
  private constructor(
    readonly state: OrderState,
    /** The event since the order was read. It is recorded when the order is saved. */
    readonly event?: OrderEventType,
    /**
     * The slot of its owner for an unpaid order; set for a new order only. The next save frees it.
     */
    readonly slot?: number,
  ) {}

  /** @throws DomainError `order_total_too_large` */
  static place(
    fields: Pick<OrderState, 'id' | 'userId' | 'items'>,
    now: Date,
    paymentWindowMs: number,
    slot?: number,
  ): Order {
    const state: OrderState = {
      ...fields,
      status: 'PENDING_PAYMENT',
      total: totalOf(fields.items),
      createdAt: now,
      expiresAt: new Date(now.getTime() + paymentWindowMs),
      version: 0,
    };
    return new Order(state, EVENTS[state.status], slot);
  }

  static restore(state: OrderState): Order {
    return new Order(state);
  }

  /** The largest quantity of a product. */
  get largestQuantity(): number {
    return Math.max(...this.state.items.map(({ quantity }) => quantity));
  }

  /** For another customer the order does not exist. */
  requireOwner(userId: string): void {
    if (this.state.userId !== userId) throw orderNotFound(this.state.id);
  }

  isPayable(now: Date): boolean {
    return this.state.status === 'PENDING_PAYMENT' && now < this.state.expiresAt;
  }

  /** @throws DomainError `order_not_payable` it is not pending, or its time is over */
  pay(now: Date): Order {
    const late = now >= this.state.expiresAt;
    if (!this.isPayable(now)) {
      throw new DomainError(
        'order_not_payable',
        late ? 'The time to pay the order is over.' : 'The order is not waiting for a payment.',
        { orderId: this.state.id, orderStatus: this.state.status },
      );
    }
    return this.become('PAID');
  }

  /** @throws DomainError `order_not_cancellable` it was cancelled before, or it has expired */
  cancel(): Order {
    if (this.state.status !== 'PENDING_PAYMENT' && this.state.status !== 'PAID') {
      throw new DomainError('order_not_cancellable', 'The order has ended already.', {
        orderId: this.state.id,
        orderStatus: this.state.status,
      });
    }
    return this.become('CANCELLED');
  }

  /** Undefined while it has time left, or when it has ended in another way. */
  expire(now: Date): Order | undefined {
    const isDue = this.state.status === 'PENDING_PAYMENT' && now >= this.state.expiresAt;
    // @plant order-expired-event
    return isDue ? this.become('EXPIRED') : undefined;
  }

  private become(status: OrderStatus): Order {
    return new Order({ ...this.state, status }, EVENTS[status]);
  }
}

export function orderNotFound(orderId: string): DomainError {
  return new DomainError('order_not_found', 'There is no such order.', { orderId });
}

/** @throws DomainError `order_total_too_large` */
export function totalOf(items: readonly Omit<OrderItem, 'productId'>[]): number {
  // A total up to 2^53 is exact as a number, and one above it is too large, also when it is rounded.
  const total = items.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  if (total > MAX_POINTS) {
    throw new DomainError('order_total_too_large', 'The total of the order is too large.', {
      limit: MAX_POINTS,
    });
  }
  return total;
}
