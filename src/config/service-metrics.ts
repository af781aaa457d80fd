import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { CacheMetrics } from '../adapters/telemetry/cache-metrics.js';
import { JobMetrics } from '../adapters/telemetry/job-metrics.js';
import { LockMetrics } from '../adapters/telemetry/lock-metrics.js';
import { OrderQueueMetrics } from '../adapters/telemetry/order-queue-metrics.js';
import { PaymentMetrics } from '../adapters/telemetry/payment-metrics.js';
import { UnitOfWorkMetrics } from '../adapters/telemetry/unit-of-work-metrics.js';

/** What turns the reports of the service into metrics: `observers` for the container, and those of the jobs. */
export function serviceMetrics(metrics: Registry, logger: Logger) {
  const cache = new CacheMetrics(metrics);
  const payments = new PaymentMetrics(metrics, logger);
  const queue = new OrderQueueMetrics(metrics);
  return {
    observers: {
      lock: new LockMetrics(metrics),
      cache,
      units: new UnitOfWorkMetrics(metrics),
      staleness: cache.staleness,
      payments,
      settlements: queue.settled.bind(queue),
    },
    ofJobs: { jobs: new JobMetrics(metrics, logger), payments, queue },
  };
}
