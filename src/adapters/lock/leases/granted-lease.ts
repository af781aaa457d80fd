import type { Instant } from '../../timeouts/instant.js';
import type { LinkedList, ListNode } from '../../timeouts/linked-list.js';
import { LeaseLostError } from '../lock.js';
import type { LockSettings } from '../lock-settings.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import type { Grant } from '../protocol/redis-grant.js';
import type { GroupLease } from '../waiting/waiter-group.js';
import { HeldLease } from './held-lease.js';
import type { LeaseTerm } from './lease-term.js';

/** Who asked Redis for a grant, and releases it. */
export interface GrantOwner {
  /** Never rejects: what cannot be released ends with its lease. */
  release(grant: Grant, now: Instant): Promise<void>;
  /** The lease of this grant ended before its holder released it. */
  onLost(grant: Grant): void;
}

/** The lease of a grant of Redis, in the list of all leases of its lock. */
export class GrantedLease extends HeldLease implements GroupLease, ListNode<GrantedLease> {
  isLinked = false;
  previous: GrantedLease | undefined;
  next: GrantedLease | undefined;
  readonly isHandedOver: boolean;

  constructor(
    keys: readonly string[],
    readonly grant: Grant,
    private readonly owner: GrantOwner,
    private readonly scripts: LockScripts,
    private readonly leases: LinkedList<GrantedLease>,
    settings: LockSettings,
  ) {
    super(keys, grant.firstToken, grant.term, grant.keys.leaseMs, settings);
    this.isHandedOver = grant.isHandedOver;
    leases.add(this);
  }

  async extendBlock(lastToken: number): Promise<boolean> {
    try {
      const extended = await this.scripts.extendBlock(this.grant, lastToken);
      return this.begin(extended?.term) && extended?.isAwaited === false;
    } catch {
      return false;
    }
  }

  /**
   * Makes `lastToken` the last token of the keys.
   *
   * @throws LeaseLostError the lease is lost
   * @throws LockUnavailableError it is not known whether Redis did it
   */
  async raiseToken(lastToken: number): Promise<void> {
    const raised = this.isLinked && (await this.scripts.extendBlock(this.grant, lastToken));
    if (!raised) throw new LeaseLostError(this.keys);
  }

  protected override renew(): Promise<LeaseTerm | undefined> {
    return this.scripts.renew(this.grant);
  }

  protected override free(now: Instant): Promise<void> {
    this.leases.delete(this);
    return this.owner.release(this.grant, now);
  }

  protected override onLost(): void {
    this.leases.delete(this);
    this.owner.onLost(this.grant);
  }
}
