import { DomainError, type ErrorCode } from '../errors.js';
import { Basket, type BasketItem } from './basket.js';

export type OrderRequestStatus = 'QUEUED' | 'CONFIRMED' | 'REJECTED';

/** The rule that refused the order, or `internal_error` where it could not be decided at all. */
export type RejectionCode = ErrorCode | 'internal_error';

export interface OrderRequestState {
  readonly id: string;
  readonly userId: string;
  readonly items: readonly BasketItem[];
  readonly status: OrderRequestStatus;
  /** The order made of it, once it is confirmed. */
  readonly orderId: string | null;
  /** Why it was rejected. */
  readonly code: RejectionCode | null;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** An order that waits in the queue. It is settled once; its settlement never changes. */
export class OrderRequest {
  private constructor(
    readonly state: OrderRequestState,
    /** Its owner's slot in the queue, while it is new; settling it frees the slot. */
    readonly slot?: number,
  ) {}

  static accept(
    fields: Pick<OrderRequestState, 'id' | 'userId' | 'items'>,
    now: Date,
    slot?: number,
  ): OrderRequest {
    const settled = { status: 'QUEUED', orderId: null, code: null } as const;
    return new OrderRequest({ ...fields, ...settled, createdAt: now, version: 0 }, slot);
  }

  static restore(state: OrderRequestState): OrderRequest {
    return new OrderRequest(state);
  }

  /** The product in whose queue it stands: of several, the first by id. */
  get key(): string {
    return new Basket(this.state.items).productIds[0] ?? this.state.id;
  }

  get isSettled(): boolean {
    return this.state.status !== 'QUEUED';
  }

  /** Another customer's request is answered like one that does not exist. */
  requireOwner(userId: string): void {
    if (this.state.userId !== userId) throw orderRequestNotFound(this.state.id);
  }

  confirm(orderId: string): OrderRequest {
    return this.settle({ status: 'CONFIRMED', orderId });
  }

  reject(code: RejectionCode): OrderRequest {
    return this.settle({ status: 'REJECTED', code });
  }

  private settle(outcome: Partial<OrderRequestState>): OrderRequest {
    if (this.isSettled) throw new RangeError(`order request ${this.state.id} is settled already`);
    return new OrderRequest({ ...this.state, ...outcome });
  }
}

export function orderRequestNotFound(requestId: string): DomainError {
  return new DomainError('order_request_not_found', 'There is no such order request.', {
    requestId,
  });
}
