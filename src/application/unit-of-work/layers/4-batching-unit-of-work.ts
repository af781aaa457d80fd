import {
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import type { LeaseGroups } from '../batching/lease-groups.js';
import type { Member } from '../batching/member.js';
import type { SharedTransactions } from '../batching/shared-transactions.js';
import type { NestingGuard } from '../nesting-guard.js';

/**
 * Lets units that allow it share leases and transactions (docs/decisions/0036). A unit that changes
 * cached resources runs by itself.
 */
export class BatchingUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly leases: LeaseGroups,
    private readonly transactions: SharedTransactions,
    private readonly nesting: NestingGuard,
  ) {
    super();
  }

  override async run<T>(
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { batch, invalidates, locks, signal } = options;
    if (!batch || invalidates) return this.inner.run(options, work);
    this.nesting.assertOutside();
    signal?.throwIfAborted();
    const keys = typeof locks === 'function' ? await locks() : locks;
    signal?.throwIfAborted();
    const reads = typeof batch === 'function' ? batch() : batch;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const member: Member = { reads, work, resolve: resolve as Member['resolve'], reject };
    if (keys.length > 0) this.leases.join([...keys].sort(), member, signal);
    else void this.transactions.run({ members: [member] });
    return promise;
  }
}
