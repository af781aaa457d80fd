import type { Container } from 'inversify';
import { pathOf } from '../adapters/http/operations/request-log.js';
import type { ReportExport } from '../adapters/telemetry/tracing/reporting-exporter.js';
import type { Tracing } from '../adapters/telemetry/tracing/start-tracing.js';
import { EventStream } from '../domain/events/outbox.js';
import { OrderQueue } from '../domain/orders/order-queue.js';
import { CachePort } from '../domain/ports/cache-port.js';
import { type Settings, SettingsError } from './settings/settings.js';
import { spanReceiver } from './settings/tracing-settings.js';

/**
 * Starts to record spans. Without a receiver it returns undefined, loads no package of OpenTelemetry and
 * nothing is wrapped.
 *
 * @throws SettingsError the packages are not installed
 */
export async function openTracing(
  settings: Settings,
  version: string,
  report: ReportExport,
): Promise<Tracing | undefined> {
  const url = spanReceiver(settings);
  if (!url) return undefined;
  const { startTracing } = await import('../adapters/telemetry/tracing/start-tracing.js').catch(
    explainMissing,
  );
  return startTracing({
    url,
    version,
    sampler: settings.OTEL_TRACES_SAMPLER,
    share: settings.OTEL_TRACES_SAMPLER_ARG,
    instance: settings.INSTANCE_ID,
    database: settings.DATABASE_URL ? 'mysql' : 'sqlite',
    queue: settings.KAFKA_BROKERS ? 'kafka' : 'in_process',
    pathOf,
    batches: {
      scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      exportTimeoutMillis: settings.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueueSize: settings.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: settings.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    },
    report,
  });
}

function explainMissing(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new SettingsError(
    'OTEL_EXPORTER_OTLP_ENDPOINT: the packages for traces are not installed; npm start installs them',
    { cause: error },
  );
}

/** Wraps the ports outside of the unit of work. Call it before one of them is resolved. */
export function tracePorts(container: Container, tracing: Tracing): void {
  container.onActivation(CachePort, (_context, cache) => tracing.cache(cache));
  container.onActivation(OrderQueue, (_context, queue) => tracing.orderQueue(queue));
  container.onActivation(EventStream, (_context, stream) => tracing.eventStream(stream));
}
