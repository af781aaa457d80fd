import { ContainerModule, type MapToResolvedValueInjectOptions } from 'inversify';
import { countLikesJob } from '../../adapters/jobs/count-likes-job.js';
import { followOrderRequestsJob } from '../../adapters/jobs/follow-order-requests-job.js';
import { Job, type JobDefinition } from '../../adapters/jobs/job.js';
import { measureOpenClaimsJob } from '../../adapters/jobs/measure-open-claims-job.js';
import { measureOrderQueueJob } from '../../adapters/jobs/measure-order-queue-job.js';
import { purgeIdempotencyRecordsJob } from '../../adapters/jobs/purge-idempotency-records-job.js';
import { purgeSettledRequestsJob } from '../../adapters/jobs/purge-settled-requests-job.js';
import {
  dueTimes,
  rebuildRankingJob,
  refreshDueRankingsJob,
  refreshRankingsJob,
} from '../../adapters/jobs/refresh-rankings-job.js';
import { OutboxSignal, relayOutboxJob } from '../../adapters/jobs/relay-outbox-job.js';
import { settlePaymentsJob } from '../../adapters/jobs/settle-payments-job.js';
import { sweepExpiredJob } from '../../adapters/jobs/sweep-expired-job.js';
import { QueueBacklog } from '../../adapters/queue/kafka/backlog-observer.js';
import type { JobMetrics } from '../../adapters/telemetry/job-metrics.js';
import type { OrderQueueMetrics } from '../../adapters/telemetry/order-queue-metrics.js';
import type { PaymentMetrics } from '../../adapters/telemetry/payment-metrics.js';
import { CountLikes } from '../../application/catalogue/count-likes.js';
import { RelayOutbox } from '../../application/events/relay-outbox.js';
import { SettlementNotifier } from '../../application/order-queue/settlement-notifier.js';
import { SettleCardPayment } from '../../application/payments/settle-card-payment.js';
import { SweepCardPayments } from '../../application/payments/sweep-card-payments.js';
import { CountBuyers } from '../../application/popularity/count-buyers.js';
import { Rankings } from '../../application/popularity/rankings.js';
import { RebuildRanking } from '../../application/popularity/rebuild-ranking.js';
import { RefreshDueRankings } from '../../application/popularity/refresh-due-rankings.js';
import { RefreshRanking } from '../../application/popularity/refresh-ranking.js';
import { PurgeSettledRequests } from '../../application/sweeping/purge-settled-requests.js';
import { SweepExpired } from '../../application/sweeping/sweep-expired.js';
import { SweeperElection } from '../../application/sweeping/sweeper-election.js';
import {
  EventStream,
  OutboxBacklog,
  type OutboxChannel,
  type OutboxPublisher,
  OutboxQueries,
} from '../../domain/events/outbox.js';
import { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import { OrderQueue } from '../../domain/orders/order-queue.js';
import { CardPaymentQueries } from '../../domain/payments/ports.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { ExpiryQueries } from '../../domain/reservations/ports.js';
import type { Settings } from '../settings/settings.js';

/** After this the leader of the long rankings counts as dead, in milliseconds. */
const RANKING_LEASE_MS = 60_000;

export interface JobsMetrics {
  readonly jobs: JobMetrics;
  readonly payments: PaymentMetrics;
  readonly queue: OrderQueueMetrics;
}

/** Binds a job that is defined by these dependencies; the clock is the first of them. */
type BindJob = <Args extends unknown[]>(
  dependencies: MapToResolvedValueInjectOptions<[Clock, ...Args]>,
  define: (clock: Clock, ...args: Args) => JobDefinition,
) => void;

/**
 * The jobs of an instance, in the order in which they start; they stop in the opposite order. Resolve
 * them with `container.getAll(Job)`.
 */
export function jobsModule(settings: Settings, metrics: JobsMetrics): ContainerModule {
  return new ContainerModule(({ bind }) => {
    const job: BindJob = <Args extends unknown[]>(
      dependencies: MapToResolvedValueInjectOptions<[Clock, ...Args]>,
      define: (clock: Clock, ...args: Args) => JobDefinition,
    ) => {
      bind(Job)
        .toResolvedValue<[Clock, ...Args]>(
          (clock, ...args) => new Job(define(clock, ...args), clock, metrics.jobs),
          dependencies,
        )
        .inSingletonScope();
    };
    job([Clock, CountLikes], (_, likes: CountLikes) =>
      countLikesJob(settings.LIKES_FLUSH_MS, likes, metrics.jobs),
    );
    bindRankings(job, settings, metrics);
    bindMeasurements(job, settings, metrics);
    bindSweeps(job, settings, metrics);
    bindRelays(job, settings);
    job([Clock, IdempotencyRecords], (clock, records: IdempotencyRecords) =>
      purgeIdempotencyRecordsJob(clock, records),
    );
    job([Clock, SettlementNotifier], (_, notifier: SettlementNotifier) =>
      followOrderRequestsJob(settings.ORDER_WATCH_MS, notifier),
    );
  });
}

function bindRankings(job: BindJob, settings: Settings, { jobs }: JobsMetrics): void {
  const { POPULAR_DAILY_CRON, POPULAR_TIME_ZONE, POPULAR_REFRESH_MS: everyMs } = settings;
  job([Clock, RefreshRanking, CountBuyers], (_, refresh: RefreshRanking, buyers: CountBuyers) =>
    refreshRankingsJob(everyMs, refresh, buyers, jobs),
  );
  job([Clock, RebuildRanking], (_, rebuild: RebuildRanking) =>
    rebuildRankingJob(everyMs, rebuild, jobs),
  );
  job(
    [Clock, Rankings, RefreshRanking, UnitOfWork, IdGenerator],
    (clock, rankings: Rankings, refresh: RefreshRanking, units: UnitOfWork, ids: IdGenerator) => {
      const leader = new SweeperElection(units, clock, ids.next(), RANKING_LEASE_MS, 'rankings');
      const lastDue = dueTimes(POPULAR_DAILY_CRON, POPULAR_TIME_ZONE);
      const due = new RefreshDueRankings(rankings, refresh, leader, clock, lastDue);
      return refreshDueRankingsJob(everyMs, due, jobs);
    },
  );
}

function bindMeasurements(job: BindJob, settings: Settings, { jobs, queue }: JobsMetrics): void {
  const { QUEUE_MEASURE_MS: everyMs } = settings;
  job<[OutboxBacklog, QueueBacklog | undefined]>(
    [Clock, OutboxBacklog, { serviceIdentifier: QueueBacklog, optional: true }],
    (clock, outbox, kafka) => {
      const measureKafka = async () => kafka?.measure();
      return measureOrderQueueJob(everyMs, clock, outbox, measureKafka, queue);
    },
  );
  job([Clock, ExpiryQueries], (_, expiries: ExpiryQueries) =>
    measureOpenClaimsJob(everyMs, expiries, jobs),
  );
}

/** Jobs that end what is overdue, in one instance at a time. */
function bindSweeps(job: BindJob, settings: Settings, metrics: JobsMetrics): void {
  job([Clock, SweepExpired, SweeperElection], (_, sweep: SweepExpired, leader: SweeperElection) =>
    sweepExpiredJob(settings.EXPIRY_SWEEP_MS, sweep, leader, metrics.jobs),
  );
  // It uses the leadership of the sweeper, so it starts after the sweeper and stops before it.
  job([Clock, PurgeSettledRequests], (_, purge: PurgeSettledRequests) =>
    purgeSettledRequestsJob(settings.RETENTION_SWEEP_MS, purge, (requests) =>
      metrics.queue.purged(requests),
    ),
  );
  job(
    [Clock, CardPaymentQueries, SettleCardPayment, UnitOfWork, IdGenerator],
    (
      clock,
      payments: CardPaymentQueries,
      settle: SettleCardPayment,
      units: UnitOfWork,
      ids: IdGenerator,
    ) => {
      const { SWEEPER_LEASE_MS: leaseMs, PAYMENT_SWEEP_MS } = settings;
      const leader = new SweeperElection(units, clock, ids.next(), leaseMs, 'card-payments');
      const sweep = new SweepCardPayments(payments, leader, settle, clock, metrics.payments);
      return settlePaymentsJob(PAYMENT_SWEEP_MS, sweep, leader, payments, (counts) =>
        metrics.payments.open(counts),
      );
    },
  );
}

function bindRelays(job: BindJob, { OUTBOX_LEASE_MS, OUTBOX_RELAY_MS }: Settings): void {
  const relayOf = <C extends OutboxChannel>(
    publisher: OutboxPublisher<C>,
    ...[units, outbox, clock, ids]: [UnitOfWork, OutboxQueries, Clock, IdGenerator]
  ) => {
    const lease = { relay: ids.next(), leaseMs: OUTBOX_LEASE_MS };
    return new RelayOutbox(units, outbox, publisher, clock, lease);
  };
  job(
    [Clock, UnitOfWork, OutboxQueries, IdGenerator, OrderQueue, OutboxSignal],
    (
      clock,
      units: UnitOfWork,
      outbox: OutboxQueries,
      ids: IdGenerator,
      orders: OrderQueue,
      signal: OutboxSignal,
    ) => {
      const relay = relayOf(orders, units, outbox, clock, ids);
      return relayOutboxJob(OUTBOX_RELAY_MS, 'orders', relay, signal);
    },
  );
  job(
    [Clock, UnitOfWork, OutboxQueries, IdGenerator, EventStream],
    (clock, units: UnitOfWork, outbox: OutboxQueries, ids: IdGenerator, events: EventStream) => {
      const relay = relayOf(events, units, outbox, clock, ids);
      return relayOutboxJob(OUTBOX_RELAY_MS, 'events', relay);
    },
  );
}
