import { DomainError, type ErrorCode } from '../errors.js';
import { Basket, type BasketItem } from './basket.js';

export type OrderRequestStatus = 'QUEUED' | 'CONFIRMED' | 'REJECTED';

/** The rule that refused the order; `internal_error` when every try failed for another reason. */
export type RejectionCode = ErrorCode | 'internal_error';

export interface OrderRequestState {
  readonly id: string;
  readonly userId: string;
  readonly items: readonly BasketItem[];
  readonly status: OrderRequestStatus;
  /** The order that was made from it; null unless it is confirmed. */
  readonly orderId: string | null;
  /** Why it was rejected; null unless it is rejected. */
  readonly code: RejectionCode | null;
  readonly createdAt: Date;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** An order that waits in the queue. It is settled once, and after that it never changes. */
export class OrderRequest {
  private constructor(
    readonly state: OrderRequestState,
    /**
     * The slot of its owner in the queue; set for a new request only. The slot is free when it is
     * settled.
     */
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

  /** The product that decides its place in the queue: of several products, the first by id. */
  get key(): string {
    return new Basket(this.state.items).productIds[0] ?? this.state.id;
  }

  get isSettled(): boolean {
    return this.state.status !== 'QUEUED';
  }

  /** For another customer the request does not exist. */
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
