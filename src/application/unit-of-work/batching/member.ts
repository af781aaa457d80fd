import type { Lease } from '../../../domain/ports/lock-port.js';
import type { BatchReads, Transaction } from '../../../domain/ports/unit-of-work.js';

/** One unit of work of a batch, with the promise of its caller. */
export interface Member {
  readonly reads: BatchReads;
  readonly work: (tx: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Members that need the same locks, in the order of their arrival, and the lease that they share. */
export interface LeaseGroup {
  readonly members: readonly Member[];
  /** Absent when the members need no lock. */
  readonly lease?: Lease | undefined;
}

/** How many products the member changes; at least 1. */
export function sizeOf({ reads: { buyers = [], stocks = [] } }: Member): number {
  return buyers.reduce((sum, { productIds }) => sum + productIds.length, stocks.length) || 1;
}

/** Whether the batch reads for this member. Then it sends few statements of its own, or none. */
export function readsAhead({ reads }: Member): boolean {
  return Object.values(reads).some((wanted) => wanted.length > 0);
}
