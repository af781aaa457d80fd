import type { Response } from 'express';
import type { ErrorCode } from '../../../domain/errors.js';

/** Problems that come from HTTP or from a dependency, not from the domain. */
export type HttpProblemCode =
  | 'dependency_unavailable'
  | 'expectation_failed'
  | 'forbidden'
  | 'header_fields_too_large'
  | 'internal_error'
  | 'malformed_request'
  | 'method_not_allowed'
  | 'not_found'
  | 'overloaded'
  | 'payload_too_large'
  | 'queue_quota_exceeded'
  | 'range_not_satisfiable'
  | 'rate_limited'
  | 'request_timeout'
  | 'resource_busy'
  | 'too_many_open_writes'
  | 'too_many_streams'
  | 'unauthorized'
  | 'unsupported_media_type'
  | 'validation_failed';

export type ProblemCode = ErrorCode | HttpProblemCode;

/** A field that is not valid. */
export interface FieldError {
  /** Dotted path, as in `items.0.quantity`; empty for the body as a whole. */
  readonly path: string;
  readonly message: string;
}

/** An error that is sent to the client as a problem (RFC 9457). */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    /** Further members of the body, such as `errors` or the id of the resource. */
    readonly members: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  /** Returns a copy with further headers. */
  with(headers: Readonly<Record<string, string>>): HttpProblem {
    return new HttpProblem(this.code, this.detail, this.members, { ...this.headers, ...headers });
  }
}

/** The HTTP status of each code; the compiler finds a missing code. */
export const STATUS: Readonly<Record<ProblemCode, number>> = {
  card_declined: 402,
  dependency_unavailable: 503,
  expectation_failed: 417,
  forbidden: 403,
  header_fields_too_large: 431,
  idempotency_in_progress: 409,
  idempotency_key_reused: 422,
  insufficient_points: 409,
  insufficient_stock: 409,
  internal_error: 500,
  malformed_request: 400,
  method_not_allowed: 405,
  not_found: 404,
  order_not_cancellable: 409,
  order_not_found: 404,
  order_not_payable: 409,
  order_request_not_found: 404,
  order_total_too_large: 409,
  overloaded: 503,
  payload_too_large: 413,
  precondition_failed: 412,
  product_not_found: 404,
  queue_quota_exceeded: 429,
  quota_exceeded: 409,
  range_not_satisfiable: 416,
  rate_limited: 429,
  request_timeout: 408,
  reservation_expired: 409,
  reservation_not_confirmable: 409,
  reservation_not_found: 404,
  reservation_not_releasable: 409,
  resource_busy: 503,
  sku_taken: 409,
  stock_limit_exceeded: 409,
  too_many_open_writes: 429,
  too_many_streams: 429,
  unauthorized: 401,
  unsupported_media_type: 415,
  validation_failed: 400,
  wallet_limit_exceeded: 409,
};

/** The response body (RFC 9457). */
export function problemBody(problem: HttpProblem): Record<string, unknown> {
  const { code, detail, members } = problem;
  return {
    ...members,
    type: `/problems/${code}`,
    title: title(code),
    status: STATUS[code],
    detail,
    code,
  };
}

export function sendProblem(res: Response, problem: HttpProblem): void {
  // Without it a proxy may store a 404 (RFC 9111, section 4.2.2).
  if (!res.get('Cache-Control')) res.set('Cache-Control', 'no-store');
  res.status(STATUS[problem.code]).set(problem.headers);
  res.type('application/problem+json').send(JSON.stringify(problemBody(problem)));
}

function title(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
