import type { QuotaDetails } from '../orders/quotas.js';

/*
 * What can go wrong around the domain, as opposed to its refusals (DomainError). Busy, lost,
 * changed and down are different things to a caller, so they are different classes.
 */

/** Others use what was asked for; it may be free a moment later. Nothing was done. */
export class ResourceBusyError extends Error {
  override readonly name: string = 'ResourceBusyError';
}

/** The customer has as many orders in the queue as one may have; room comes as they are settled. */
export class QueueQuotaError extends Error {
  override readonly name = 'QueueQuotaError';

  constructor(readonly details: QuotaDetails) {
    super(`${details.current} of ${details.limit} queued orders are not settled yet`);
  }
}

/** A server this service needs does not answer. */
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

/** A row is not as it was read, or the database broke a deadlock. Nothing was committed. */
export class ConcurrentUpdateError extends Error {
  override readonly name = 'ConcurrentUpdateError';
}

/** The lease ended before its holder was done: nothing it did may be committed. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(readonly keys: readonly string[]) {
    super(`the lease on ${keys.join(', ')} is no longer held`);
  }
}
