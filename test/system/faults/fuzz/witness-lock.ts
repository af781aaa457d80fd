import {
  type AcquireOptions,
  type Lease,
  LockPort,
} from '../../../../src/domain/ports/lock-port.js';
import { type EventLog, nowMs } from './event-log.js';

/**
 * How often a holder checks its lease, in addition to the checks of the unit of work, in
 * milliseconds.
 */
const SAMPLE_MS = 25;

/**
 * Logs who requested a lock, who was granted it, and when a holder's own check passed.
 *
 * The time is read after the grant and before each check. A lease that is over never comes back. So
 * between these two times the lease was certainly held.
 */
export class WitnessLock extends LockPort {
  readonly #open = new Map<number, Lease>();
  readonly #sampling: NodeJS.Timeout;
  #acquires = 0;

  constructor(
    private readonly inner: LockPort,
    private readonly log: EventLog,
  ) {
    super();
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS).unref();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    this.#acquires += 1;
    const acquire = this.#acquires;
    this.log.note({ event: 'asked', acquire, keys });
    try {
      const lease = await this.inner.acquire(keys, options);
      const by = lease.rowKeys ? 'rows' : 'lock';
      this.log.note({ event: 'granted', acquire, token: lease.token, by });
      this.#open.set(acquire, lease);
      this.#check(acquire, lease);
      return this.#witnessed(acquire, lease);
    } catch (error) {
      this.log.note({ event: 'refused', acquire, reason: (error as Error).name });
      throw error;
    }
  }

  close(): void {
    clearInterval(this.#sampling);
  }

  #witnessed(acquire: number, lease: Lease): Lease {
    const release = () => {
      if (this.#open.delete(acquire)) this.#check(acquire, lease);
      return lease.release();
    };
    return {
      keys: lease.keys,
      token: lease.token,
      ...(lease.rowKeys && { rowKeys: lease.rowKeys }),
      get signal() {
        return lease.signal;
      },
      assertHeld: () => {
        const at = nowMs();
        lease.assertHeld();
        this.log.note({ event: 'held', acquire }, at);
      },
      release,
      [Symbol.asyncDispose]: release,
    };
  }

  #sample(): void {
    for (const [acquire, lease] of this.#open) this.#check(acquire, lease);
  }

  #check(acquire: number, lease: Lease): void {
    if (lease.rowKeys) return;
    const at = nowMs();
    try {
      lease.assertHeld();
    } catch {
      return;
    }
    this.log.note({ event: 'held', acquire }, at);
  }
}
