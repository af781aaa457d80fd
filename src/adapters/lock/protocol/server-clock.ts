import type { Instant, InstantClock } from '../../timeouts/instant.js';
import { LeaseTerm } from '../leases/lease-term.js';

/**
 * Converts moments of the server's clock into terms of this process's clocks, which are never too long.
 *
 * The server read its time after the request was sent, so a moment x of its clock comes here at
 * `sent + (x - serverTime)` or later. A hundredth of the lease is subtracted for clocks that drift
 * apart, and up to two milliseconds for their resolution, as Redlock does
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/).
 */
export class ServerClock {
  #sample: { readonly sent: Instant; readonly serverUs: number } | undefined;

  constructor(private readonly clock: InstantClock) {}

  observe(sent: Instant, serverUs: number): void {
    this.#sample = { sent, serverUs };
  }

  /** After a reconnection, another server with another clock may reply. */
  forget(): void {
    this.#sample = undefined;
  }

  /** Milliseconds since the last request that the server replied to; Infinity when there is none. */
  silentMs(): number {
    if (!this.#sample) return Number.POSITIVE_INFINITY;
    return this.clock.now().monotonicMs - this.#sample.sent.monotonicMs;
  }

  /** The term of a lease that the server ends at `deadlineUs`. Over at once when its time is unknown. */
  term(deadlineUs: number, leaseMs: number): LeaseTerm {
    if (!this.#sample) return LeaseTerm.lasting(0, this.clock.now());
    const { sent, serverUs } = this.#sample;
    const term = LeaseTerm.lasting((deadlineUs - serverUs) / 1000 - marginMs(leaseMs), sent);
    // A server clock that was set forward since the sample must not lengthen the lease.
    return term.earlier(this.termFrom(this.clock.now(), leaseMs));
  }

  /** The term of a lease that began when the server served a request sent at `sent`. */
  termFrom(sent: Instant, leaseMs: number): LeaseTerm {
    return LeaseTerm.lasting(leaseMs - marginMs(leaseMs), sent);
  }
}

function marginMs(leaseMs: number): number {
  return leaseMs / 100 + Math.min(2, leaseMs / 10);
}
