import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SweepObserver } from '../../application/sweeping/sweep-expired.js';
import type { PopularityWindow } from '../../domain/popularity/popularity.js';
import type { JobObserver } from '../jobs/job-observer.js';

/** Counts what the jobs of this instance do, for `/metrics`, and logs their failures. */
export class JobMetrics implements JobObserver, SweepObserver {
  readonly #lastSuccess: Gauge<'job'>;
  readonly #failures: Counter<'job'>;
  readonly #likes: Counter;
  readonly #likeFailures: Counter;
  readonly #rankingFailures: Counter;
  readonly #buyers: Gauge<'window'>;
  readonly #expiries: Counter<'of'>;
  readonly #expiryFailures: Counter<'of'>;
  readonly #expiryLag: Histogram<'of'>;

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    const ofKind = { labelNames: ['of'] as const, registers };
    this.#lastSuccess = new Gauge({
      name: 'job_last_success_timestamp_seconds',
      help: 'When the last successful run of a job of this instance ended, as Unix time',
      labelNames: ['job'],
      registers,
    });
    this.#failures = new Counter({
      name: 'job_failures_total',
      help: 'Failed runs of a job of this instance; each is tried again',
      labelNames: ['job'],
      registers,
    });
    this.#likes = counter('likes_counted_total', 'Likes and withdrawn likes added to the counts');
    this.#likeFailures = counter('likes_count_failures_total', 'Failed runs of the like count');
    this.#rankingFailures = counter(
      'popular_failures_total',
      'Failed computations of popular items',
    );
    this.#buyers = new Gauge({
      name: 'popular_buyers',
      help: 'Different customers who paid in the window; NaN while Redis does not know all payments',
      labelNames: ['window'],
      registers,
    });
    this.#expiries = new Counter({
      name: 'expired_total',
      help: 'Unpaid orders and reservations that this instance expired',
      ...ofKind,
    });
    this.#expiryFailures = new Counter({
      name: 'expiry_failures_total',
      help: 'Expiries that failed; each is tried again',
      ...ofKind,
    });
    this.#expiryLag = new Histogram({
      name: 'expiry_lag_seconds',
      help: 'Time from the end of an order or a reservation until its units were free',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      ...ofKind,
    });
  }

  /** A run of a job ended well. */
  succeeded(job: string): void {
    this.#lastSuccess.set({ job }, Date.now() / 1_000);
  }

  /** A run of a job failed. The first failure of several is logged. */
  failed(job: string, error: unknown, isRepeat: boolean): void {
    this.#failures.inc({ job });
    if (!isRepeat) this.logger.warn({ err: error, job }, 'a job failed and is tried again');
  }

  likesCounted(likes: number): void {
    this.#likes.inc(likes);
  }

  likeCountFailed(): void {
    this.#likeFailures.inc();
  }

  rankingFailed(): void {
    this.#rankingFailures.inc();
  }

  buyersCounted(window: PopularityWindow, buyers: number | undefined): void {
    this.#buyers.set({ window }, buyers ?? Number.NaN);
  }

  expired(of: 'order' | 'reservation', lateMs: number): void {
    this.#expiries.inc({ of });
    this.#expiryLag.observe({ of }, lateMs / 1_000);
  }

  expiryFailed(of: 'order' | 'reservation', id: string, error: unknown): void {
    this.#expiryFailures.inc({ of });
    this.logger.warn({ err: error, of, id }, 'an expiry failed and is tried again');
  }
}
