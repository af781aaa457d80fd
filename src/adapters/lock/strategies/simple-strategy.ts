import type { Instant } from '../../timeouts/instant.js';
import type { GrantedLease, GrantOwner } from '../leases/granted-lease.js';
import { LockBusyError } from '../lock.js';
import type { LockObserver } from '../lock-observer.js';
import type { AcquireReply } from '../protocol/lock-call.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import {
  type Grant,
  type LockNames,
  type LockTarget,
  lockNames,
  lockTarget,
} from '../protocol/redis-grant.js';
import type { LockRequest } from '../waiting/lock-request.js';
import type { CreateLease, WaitStrategy } from './wait-strategy.js';

/** `simple`: acquires free keys and never waits. */
export class SimpleStrategy implements WaitStrategy, GrantOwner {
  #attempts = 0;

  constructor(
    private readonly scripts: LockScripts,
    private readonly settings: LockNames,
    private readonly process: string,
    private readonly observer: LockObserver,
    private readonly createLease: CreateLease,
  ) {}

  async acquire(request: LockRequest): Promise<GrantedLease> {
    // Each attempt has its own owner: it is in no queue and shares its keys with no other acquire.
    this.#attempts += 1;
    const owner = `${this.process}#${this.#attempts}`;
    const names = lockNames(request.keys, this.settings.prefix);
    const { leaseMs, tokens = 1 } = request;
    const keys = lockTarget(names, leaseMs, tokens, this.settings.slotTag, owner);
    const { grant } = await this.#ask(keys);
    if (!grant) {
      this.observer.contended();
      throw new LockBusyError(request.keys);
    }
    if (request.signal?.aborted) {
      void this.release(grant);
      throw request.signal.reason;
    }
    return this.createLease(request.keys, grant, this);
  }

  release(grant: Grant, now?: Instant): Promise<void> {
    return this.scripts.release(grant, now);
  }

  onLost(): void {}

  async close(): Promise<void> {}

  #ask(keys: LockTarget): Promise<AcquireReply> {
    return new Promise((onReply, onFailure) => {
      this.scripts.acquire(keys, 'try', { onReply, onFailure, onLateReply: this.#releaseLate });
    });
  }

  #releaseLate = (answer: AcquireReply): void => {
    if (answer.grant) void this.release(answer.grant);
  };
}
