/**
 * The codes of all refusals by the domain. They are a part of the HTTP contract, so they never
 * change.
 */
export type ErrorCode =
  | 'card_declined'
  | 'idempotency_in_progress'
  | 'idempotency_key_reused'
  | 'insufficient_points'
  | 'insufficient_stock'
  | 'order_not_cancellable'
  | 'order_not_found'
  | 'order_not_payable'
  | 'order_request_not_found'
  | 'order_total_too_large'
  | 'precondition_failed'
  | 'product_not_found'
  | 'quota_exceeded'
  | 'reservation_expired'
  | 'reservation_not_confirmable'
  | 'reservation_not_found'
  | 'reservation_not_releasable'
  | 'sku_taken'
  | 'stock_limit_exceeded'
  | 'wallet_limit_exceeded';

/** What the refusal is about, such as the product with too few units. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** A rule of the domain refused the request. Nothing was changed. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}
