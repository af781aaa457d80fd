import { DomainError } from '../../../domain/errors.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  LeaseLostError,
  QueueQuotaError,
  ResourceBusyError,
} from '../../../domain/ports/failures.js';
import { findJsonError } from '../requests/json-error.js';
import { HttpProblem, type ProblemCode } from './problem.js';

/** Seconds after which it makes sense to try a busy resource again. */
const RETRY_AFTER = { 'Retry-After': '1' };

/** What any error that reaches the edge is answered with. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof DomainError) return refusal(error);
  if (error instanceof DependencyUnavailableError) {
    const { dependency } = error;
    return new HttpProblem(
      'dependency_unavailable',
      `The ${dependency} is not available. Nothing is half done; try again with the same Idempotency-Key.`,
      { dependency },
      RETRY_AFTER,
    );
  }
  if (error instanceof QueueQuotaError) {
    return new HttpProblem(
      'queue_quota_exceeded',
      'You have as many orders in the queue as one customer may have. Nothing was queued.',
      { ...error.details },
      RETRY_AFTER,
    );
  }
  if (isBusy(error)) {
    return new HttpProblem(
      'resource_busy',
      'Others are using what the request needs. Nothing was changed.',
      {},
      RETRY_AFTER,
    );
  }
  return (
    brokenJson(error) ??
    parserProblem(error) ??
    new HttpProblem('internal_error', 'Something went wrong here.')
  );
}

/** Busy, changed by others each time it was tried, or interrupted: again later is right for all. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof ResourceBusyError ||
    error instanceof ConcurrentUpdateError ||
    error instanceof LeaseLostError
  );
}

function refusal({ code, message, details }: DomainError): HttpProblem {
  const headers = code === 'idempotency_in_progress' ? RETRY_AFTER : {};
  return new HttpProblem(code, message, details, headers);
}

/** Of a body that Express could not parse: where it breaks off, and nothing of what is in it. */
function brokenJson(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error && 'type' in error && error.type === 'entity.parse.failed')) return;
  const found = 'body' in error && typeof error.body === 'string' && findJsonError(error.body);
  const detail = found
    ? `The body is not valid JSON: line ${found.line}, column ${found.column}.`
    : 'The body is not a JSON object.';
  return new HttpProblem('malformed_request', detail);
}

const BY_STATUS: Readonly<Record<number, [ProblemCode, string]>> = {
  400: ['malformed_request', 'The request cannot be read.'],
  403: ['not_found', 'There is nothing at this address.'],
  404: ['not_found', 'There is nothing at this address.'],
  412: ['precondition_failed', 'The file is not as the condition says.'],
  413: ['payload_too_large', 'The body is larger than 64 KiB.'],
  415: ['unsupported_media_type', 'The body must be application/json in UTF-8.'],
  416: ['range_not_satisfiable', 'The file does not reach so far.'],
};

/** Express, its body parser and its file server mark what the client did wrong with a status. */
function parserProblem(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const [code, detail] = BY_STATUS[Number(error.status)] ?? [];
  if (!code || !detail) return undefined;
  const headers = 'headers' in error ? (error.headers as Record<string, string>) : {};
  return new HttpProblem(code, detail, {}, headers);
}
