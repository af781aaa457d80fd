import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { dutiful, type SweepLoop, sweepLoop } from '../../adapters/jobs/sweep-loop.js';
import { SweepExpired, type SweepObserver } from '../../application/sweeping/sweep-expired.js';
import { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import { Clock } from '../../domain/ports/clock.js';
import type { Settings } from '../settings/settings.js';

/** Ends unpaid orders and held reservations in time, for as long as the instance runs. */
export function sweepRegularly(
  container: Container,
  settings: Settings,
  metrics: Registry,
  logger: Logger,
): SweepLoop {
  const observer = new SweepMetrics(metrics, logger);
  const sweepExpired = container.get(SweepExpired);
  const duty = container.get(SweeperElection);
  const loop = sweepLoop(
    container.get(Clock),
    settings.EXPIRY_SWEEP_MS,
    async (stopped) => {
      const next = await sweepExpired.execute(observer, stopped);
      observer.swept();
      return next;
    },
    (error) => observer.stuck(error),
  );
  return dutiful(loop, duty);
}

class SweepMetrics implements SweepObserver {
  private readonly expiries: Counter<'of'>;
  private readonly failures: Counter<'of'>;
  private readonly lag: Histogram<'of'>;
  private isStuck = false;

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    const shared = { labelNames: ['of'] as const, registers: [registry] };
    this.expiries = new Counter({
      name: 'expired_total',
      help: 'Unpaid orders and reservations that this instance expired',
      ...shared,
    });
    this.failures = new Counter({
      name: 'expiry_failures_total',
      help: 'Expiries that failed and are tried again',
      ...shared,
    });
    this.lag = new Histogram({
      name: 'expiry_lag_seconds',
      help: 'Time from the end of an order or a reservation until its units were free',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      ...shared,
    });
  }

  expired(of: 'order' | 'reservation', lateMs: number): void {
    this.expiries.inc({ of });
    this.lag.observe({ of }, lateMs / 1000);
  }

  failed(of: 'order' | 'reservation', id: string, error: unknown): void {
    this.failures.inc({ of });
    this.logger.warn({ err: error, of, id }, 'not expired');
  }

  swept(): void {
    this.isStuck = false;
  }

  /** Logs the first of many, for it is tried again every second. */
  stuck(error: unknown): void {
    if (!this.isStuck) this.logger.warn({ err: error }, 'nothing expires');
    this.isStuck = true;
  }
}
