import type { Link } from '../redis/chain.js';
import { HeldLease, type LeaseKeeper } from './held-lease.js';
import type { LockRequest } from './lock-request.js';
import type { LockSettings } from './lock-settings.js';
import type { Grant } from './redis-grant.js';

/** The lease of a grant, in the chain of those its lock has given. */
export class GrantedLease extends HeldLease implements Link<GrantedLease> {
  isLinked = false;
  before: GrantedLease | undefined;
  behind: GrantedLease | undefined;

  constructor(
    { keys, leaseMs, tokens }: LockRequest,
    readonly grant: Grant,
    keeper: LeaseKeeper,
    settings: LockSettings,
  ) {
    super(keys, grant.lastToken - tokens + 1, grant.term, leaseMs, keeper, settings);
  }
}
