import type { SweepCardPayments } from '../../application/payments/sweep-card-payments.js';
import type { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import type { CardPaymentStatus } from '../../domain/payments/card-payment.js';
import type { CardPaymentQueries } from '../../domain/payments/ports.js';
import type { JobDefinition } from './job.js';

/** Continues card payments that a request left unsettled, and reports how many are open. */
export function settlePaymentsJob(
  everyMs: number,
  sweep: SweepCardPayments,
  leader: SweeperElection,
  payments: CardPaymentQueries,
  open: (counts: ReadonlyMap<CardPaymentStatus, number>) => void,
): JobDefinition {
  return {
    name: 'settle-payments',
    everyMs,
    runsAtStart: true,
    leader,
    run: async (stopped) => {
      const next = await sweep.execute(stopped);
      open(await payments.open());
      return next;
    },
  };
}
