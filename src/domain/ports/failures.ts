import type { QuotaDetails } from '../orders/quotas.js';

/*
 * Failures of the servers and of concurrency; a refusal by a rule of the domain is a DomainError. A
 * caller handles busy, lost, changed and down differently, so each has its own class.
 */

/** Other requests use the resource; it may be free a moment later. Nothing was done. */
export class ResourceBusyError extends Error {
  override readonly name: string = 'ResourceBusyError';
}

/**
 * The customer has as many orders in the queue as allowed. There is room again after some are
 * settled.
 */
export class QueueQuotaError extends Error {
  override readonly name = 'QueueQuotaError';

  constructor(readonly details: QuotaDetails) {
    super(`${details.current} of ${details.limit} queued orders are not settled yet`);
  }
}

/** A server that this service needs does not answer. */
export class DependencyUnavailableError extends Error {
  override readonly name: string = 'DependencyUnavailableError';

  constructor(
    /** Short name of the server, such as `database` or `redis`. */
    readonly dependency: string,
    cause: unknown,
  ) {
    super(`${dependency} is not available`, { cause });
  }
}

/**
 * The row was changed since it was read, or the database broke a deadlock. Nothing was committed.
 */
export class ConcurrentUpdateError extends Error {
  override readonly name = 'ConcurrentUpdateError';
}

/** The lease ended before its holder was done. Nothing that the holder did may be committed. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(readonly keys: readonly string[]) {
    super(`the lease on ${keys.join(', ')} is no longer held`);
  }
}
