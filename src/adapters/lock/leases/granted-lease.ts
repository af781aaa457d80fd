import type { ListNode } from '../../timeouts/linked-list.js';
import type { LockSettings } from '../lock-settings.js';
import type { Grant } from '../protocol/redis-grant.js';
import type { LockRequest } from '../waiting/lock-request.js';
import { HeldLease, type LeaseBackend } from './held-lease.js';

/** The lease of a grant of Redis, in the list of all leases of its lock. */
export class GrantedLease extends HeldLease implements ListNode<GrantedLease> {
  isLinked = false;
  previous: GrantedLease | undefined;
  next: GrantedLease | undefined;

  constructor(
    { keys, leaseMs, tokens }: LockRequest,
    readonly grant: Grant,
    backend: LeaseBackend,
    settings: LockSettings,
  ) {
    super(keys, grant.lastToken - tokens + 1, grant.term, leaseMs, backend, settings);
  }
}
