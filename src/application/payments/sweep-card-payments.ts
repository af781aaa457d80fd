import type { CardPaymentState } from '../../domain/payments/card-payment.js';
import type { CardPaymentQueries } from '../../domain/payments/ports.js';
import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { SweeperElection } from '../sweeping/sweeper-election.js';
import type { CardPaymentObserver } from './card-payment-steps.js';
import type { SettleCardPayment } from './settle-card-payment.js';

/** Payments that one query reads. */
const BATCH = 100;

/** Payments at once; most database connections are left for requests. */
const AT_ONCE = 4;

/** Continues card payments that no request settles: after a crash, a timeout or a cancellation. */
export class SweepCardPayments {
  constructor(
    private readonly payments: CardPaymentQueries,
    private readonly leader: SweeperElection,
    private readonly settle: SettleCardPayment,
    private readonly clock: Clock,
    private readonly observer: CardPaymentObserver,
  ) {}

  /**
   * Answers when the next payment is due. Undefined: there is none, another process sweeps, or some
   * payments could not be claimed, so an immediate retry would not help.
   * @throws DependencyUnavailableError the database is down, so the rest would fail too
   */
  async execute(stopped: AbortSignal): Promise<Date | undefined> {
    const next = await this.payments.nextDue();
    if (!next || next > this.clock.now()) return next;
    const batch = await this.payments.due(this.clock.now(), BATCH);
    let failures = 0;
    for (let i = 0; i < batch.length; i += AT_ONCE) {
      if (stopped.aborted || !(await this.leader.take(stopped))) return undefined;
      failures += await this.#resumeAll(batch.slice(i, i + AT_ONCE));
    }
    return failures > 0 ? undefined : this.payments.nextDue();
  }

  /** Answers how many payments could not be claimed. */
  async #resumeAll(some: readonly CardPaymentState[]): Promise<number> {
    const outcomes = await Promise.allSettled(some.map((one) => this.settle.resume(one)));
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ id: some[i]?.id ?? '', error: outcome.reason }] : [],
    );
    const outage = failed.find(({ error }) => error instanceof DependencyUnavailableError);
    if (outage) throw outage.error;
    for (const { id, error } of failed) this.observer.failed(id, error);
    return failed.length;
  }
}
