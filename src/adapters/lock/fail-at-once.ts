import { LockBusyError } from '../../domain/ports/lock-port.js';
import type { LockObserver } from './lock-observer.js';
import type { LockRequest } from './lock-request.js';
import type { Answer, LockScripts } from './lock-scripts.js';
import { type Grant, standingKeys } from './redis-grant.js';
import type { Waiting } from './waiting.js';

/** The simple way: takes free keys, never waits for others. */
export class FailAtOnce implements Waiting {
  #attempts = 0;

  constructor(
    private readonly scripts: LockScripts,
    private readonly prefix: string,
    private readonly process: string,
    private readonly observer: LockObserver,
  ) {}

  async obtain(request: LockRequest): Promise<Grant> {
    // Its own owner for each attempt: it stands in no queue, and shares no keys with anybody.
    this.#attempts += 1;
    const keys = standingKeys(request, this.prefix, `${this.process}#${this.#attempts}`);
    const { grant } = await this.scripts.acquire(keys, 'try', this.#giveBackLate);
    if (!grant) {
      this.observer.contended();
      throw new LockBusyError(request.keys);
    }
    if (request.signal?.aborted) {
      void this.giveBack(grant);
      throw request.signal.reason;
    }
    return grant;
  }

  giveBack(grant: Grant): Promise<void> {
    return this.scripts.giveBack(grant);
  }

  forfeit(): void {}

  async close(): Promise<void> {}

  #giveBackLate = (answer: Answer): void => {
    if (answer.grant) void this.giveBack(answer.grant);
  };
}
