import { setInterval } from 'node:timers';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RunFailure } from '../../adapters/jobs/run-periodically.js';
import type { OrderQueueMetrics } from '../../adapters/telemetry/order-queue-metrics.js';
import type { PaymentMetrics } from '../../adapters/telemetry/payment-metrics.js';
import { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import { Clock } from '../../domain/ports/clock.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import { countLikesRegularly } from './count-likes-job.js';
import { measureOrderQueue } from './measure-order-queue-job.js';
import { forgetRegularly } from './purge-settled-requests-job.js';
import { QueueConsumers } from './queue-consumers.js';
import { rankRegularly } from './refresh-rankings-job.js';
import { relayOutbox } from './relay-outbox-job.js';
import { settleCardPayments } from './settle-payments-job.js';
import { sweepRegularly } from './sweep-expired-job.js';

/** How often expired idempotency keys are removed, in milliseconds. */
const PURGE_EVERY_MS = 60_000;

/** What work in the background is told of and tells. */
export interface JobContext {
  readonly container: Container;
  readonly settings: Settings;
  readonly metrics: Registry;
  readonly payments: PaymentMetrics;
  readonly queue: OrderQueueMetrics;
  readonly logger: Logger;
}

/** Begins what an instance does without being asked; `resources` end it, the last begun first. */
export function beginBackgroundWork(around: JobContext, resources: Resources): void {
  const { container, settings, metrics, payments, queue, logger } = around;
  // What fails again and again, as while Redis is away, is said once.
  const warn =
    (what: string): RunFailure =>
    (error, again) => {
      if (!again) logger.warn({ err: error }, what);
    };
  const forgot = (requests: number) => queue.forgot(requests);
  const works = [
    countLikesRegularly(container, settings, metrics, warn('likes are not counted')),
    rankRegularly(container, settings, metrics, warn('popular items are not computed')),
    measureOrderQueue(container, settings, queue, warn('the queue is not measured')),
    sweepRegularly(container, settings, metrics, logger),
    // Behind the sweeper, which lays their common duty down when it ends.
    forgetRegularly(container, settings, forgot, warn('settled order requests are kept')),
    settleCardPayments(container, settings, payments),
    relayOutbox(container, settings, warn('the outbox is not relayed')),
  ];
  for (const work of works) resources.defer(() => work.stop());
  const consumers = container.get(QueueConsumers);
  consumers.start();
  resources.defer(() => consumers.stop());
  resources.defer(purgeRegularly(container, (error) => logger.warn({ err: error }, 'purge')));
}

function purgeRegularly(container: Container, onError: (error: unknown) => void): () => void {
  const answers = container.get(IdempotencyRecords);
  const clock = container.get(Clock);
  const purge = () => void answers.purge(clock.now()).catch(onError);
  const timer = setInterval(purge, PURGE_EVERY_MS);
  return () => clearInterval(timer);
}
