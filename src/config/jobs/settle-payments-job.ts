import type { Container } from 'inversify';
import { dutiful, type SweepLoop, sweepLoop } from '../../adapters/jobs/sweep-loop.js';
import type { PaymentMetrics } from '../../adapters/telemetry/payment-metrics.js';
import { SettleCardPayment } from '../../application/payments/settle-card-payment.js';
import { SweepCardPayments } from '../../application/payments/sweep-card-payments.js';
import { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import { CardPaymentQueries } from '../../domain/payments/ports.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Settings } from '../settings/settings.js';

/** Settles card payments that were left behind, for as long as the instance runs. */
export function settleCardPayments(
  container: Container,
  settings: Settings,
  metrics: PaymentMetrics,
): SweepLoop {
  const clock = container.get(Clock);
  const holder = container.get(IdGenerator).next();
  const termMs = settings.SWEEPER_LEASE_MS;
  const duty = new SweeperElection(
    container.get(UnitOfWork),
    clock,
    holder,
    termMs,
    'card-payments',
  );
  const payments = container.get(CardPaymentQueries);
  const settle = container.get(SettleCardPayment);
  const sweep = new SweepCardPayments(payments, duty, settle, clock, metrics);
  const loop = sweepLoop(
    clock,
    settings.PAYMENT_SWEEP_MS,
    async (stopped) => {
      const next = await sweep.execute(stopped);
      metrics.open(await payments.open());
      metrics.swept();
      return next;
    },
    (error) => metrics.stuck(error),
  );
  return dutiful(loop, duty);
}
