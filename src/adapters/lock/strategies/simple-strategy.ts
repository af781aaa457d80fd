import type { LockObserver } from '../decorators/lock-observer.js';
import { LockBusyError } from '../lock.js';
import type { Answer } from '../protocol/lock-call.js';
import type { LockScripts } from '../protocol/lock-scripts.js';
import {
  type Grant,
  type LockNames,
  type LockTarget,
  standingKeys,
} from '../protocol/redis-grant.js';
import type { ReservedLease } from '../reserving-lock.js';
import type { LockRequest } from '../waiting/lock-request.js';
import type { CreateLease, WaitStrategy } from './wait-strategy.js';

/** The simple way: takes free keys, never waits for others. */
export class SimpleStrategy implements WaitStrategy {
  #attempts = 0;

  constructor(
    private readonly scripts: LockScripts,
    private readonly names: LockNames,
    private readonly process: string,
    private readonly observer: LockObserver,
    private readonly lend: CreateLease,
  ) {}

  async obtain(request: LockRequest): Promise<ReservedLease> {
    // Its own owner for each attempt: it stands in no queue, and shares no keys with anybody.
    this.#attempts += 1;
    const keys = standingKeys(request, this.names, `${this.process}#${this.#attempts}`);
    const { grant } = await this.#ask(keys);
    if (!grant) {
      this.observer.contended();
      throw new LockBusyError(request.keys);
    }
    if (request.signal?.aborted) {
      void this.giveBack(grant);
      throw request.signal.reason;
    }
    return this.lend(request, grant);
  }

  giveBack(grant: Grant): Promise<void> {
    return this.scripts.giveBack(grant);
  }

  forfeit(): void {}

  async close(): Promise<void> {}

  #ask(keys: LockTarget): Promise<Answer> {
    return new Promise((heard, failed) => {
      this.scripts.acquire(keys, 'try', { heard, failed, late: this.#giveBackLate });
    });
  }

  #giveBackLate = (answer: Answer): void => {
    if (answer.grant) void this.giveBack(answer.grant);
  };
}
