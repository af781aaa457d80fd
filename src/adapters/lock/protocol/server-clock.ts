import { type Instant, LeaseTerm, type LockClock } from '../leases/lock-clock.js';

/**
 * Turns moments of the server's clock into terms of this process's clocks, never too long.
 *
 * The server answered with its time after the request was sent, so a moment x of its clock comes
 * no earlier here than `sent + (x - answered)`. A hundredth of the lease is left off for clocks
 * that drift apart, and up to two milliseconds for their resolution, as Redlock does
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/).
 */
export class ServerClock {
  #sample: { readonly sent: Instant; readonly serverUs: number } | undefined;

  constructor(private readonly clock: LockClock) {}

  observe(sent: Instant, serverUs: number): void {
    this.#sample = { sent, serverUs };
  }

  /** After a reconnection another server, with another clock, may answer. */
  forget(): void {
    this.#sample = undefined;
  }

  /** Milliseconds since the server last answered. */
  silentMs(): number {
    if (!this.#sample) return Number.POSITIVE_INFINITY;
    return this.clock.now().monotonicMs - this.#sample.sent.monotonicMs;
  }

  /** The term of a lease that the server ends at `deadlineUs`: over if its time is unknown. */
  term(deadlineUs: number, leaseMs: number): LeaseTerm {
    if (!this.#sample) return LeaseTerm.lasting(0, this.clock.now());
    const { sent, serverUs } = this.#sample;
    const term = LeaseTerm.lasting((deadlineUs - serverUs) / 1000 - marginMs(leaseMs), sent);
    // A server clock that was set forward since the sample must not lengthen the lease.
    return term.earlier(this.termFrom(this.clock.now(), leaseMs));
  }

  /** The term of a lease that began when the server answered what was sent then. */
  termFrom(sent: Instant, leaseMs: number): LeaseTerm {
    return LeaseTerm.lasting(leaseMs - marginMs(leaseMs), sent);
  }
}

function marginMs(leaseMs: number): number {
  return leaseMs / 100 + Math.min(2, leaseMs / 10);
}
