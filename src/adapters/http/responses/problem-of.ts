import { DomainError } from '../../../domain/errors.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  LeaseLostError,
  QueueQuotaError,
  ResourceBusyError,
} from '../../../domain/ports/failures.js';
import { invalidJson } from '../requests/json-error.js';
import { HttpProblem, type ProblemCode } from './problem.js';

/** Seconds after which a client may retry. */
const RETRY_AFTER = { 'Retry-After': '1' };

/** Maps an error to the problem that is sent. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof DomainError) return refusal(error);
  if (error instanceof DependencyUnavailableError) {
    const { dependency } = error;
    return new HttpProblem(
      'dependency_unavailable',
      `The dependency ${dependency} is not available. Retry with the same Idempotency-Key: a change is never done in part or twice.`,
      { dependency },
      RETRY_AFTER,
    );
  }
  if (error instanceof QueueQuotaError) {
    return new HttpProblem(
      'queue_quota_exceeded',
      'You have reached the limit of orders in the queue. The order was not queued.',
      { ...error.details },
      RETRY_AFTER,
    );
  }
  if (isBusy(error)) {
    return new HttpProblem(
      'resource_busy',
      'Other requests use the same resource. Nothing was changed; retry later.',
      {},
      RETRY_AFTER,
    );
  }
  return (
    unparsed(error) ??
    parserProblem(error) ??
    new HttpProblem('internal_error', 'The service failed to handle the request.')
  );
}

/** Busy, changed by others at each try, or interrupted: the client should retry in each case. */
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

/** For a body that Express could not parse. */
function unparsed(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error && 'type' in error && error.type === 'entity.parse.failed')) return;
  return invalidJson('body' in error && typeof error.body === 'string' ? error.body : '');
}

const BY_STATUS: Readonly<Record<number, [ProblemCode, string]>> = {
  400: ['malformed_request', 'The request cannot be parsed.'],
  403: ['not_found', 'There is no resource at this URL.'],
  404: ['not_found', 'There is no resource at this URL.'],
  412: ['precondition_failed', 'The file does not fulfil the condition of the request.'],
  413: ['payload_too_large', 'The body is larger than 64 KiB.'],
  415: ['unsupported_media_type', 'The body must be application/json in UTF-8.'],
  416: ['range_not_satisfiable', 'The requested range is beyond the end of the file.'],
};

/** Express, its body parser and its file server give errors of the client a status. */
function parserProblem(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const [code, detail] = BY_STATUS[Number(error.status)] ?? [];
  if (!code || !detail) return undefined;
  const headers = 'headers' in error ? (error.headers as Record<string, string>) : {};
  return new HttpProblem(code, detail, {}, headers);
}
