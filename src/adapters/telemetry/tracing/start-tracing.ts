import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type BatchSpanProcessorOptions,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { UnitOfWorkTracing } from '../../../application/unit-of-work/unit-of-work-tracing.js';
import type { EventStream } from '../../../domain/events/outbox.js';
import type { OrderQueue } from '../../../domain/orders/order-queue.js';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import type { MessageObserver } from '../../queue/message-observer.js';
import { MessageSpans } from './message-spans.js';
import { type ReportExport, ReportingExporter } from './reporting-exporter.js';
import { RequestSpans } from './request-spans.js';
import { type SamplerName, samplerOf } from './sampler.js';
import { type TracedUnits, traceShared } from './shared-spans.js';
import { Spans, type TraceIds } from './spans.js';
import { TracedCache } from './traced-cache.js';
import { TracedLock } from './traced-lock.js';
import { TracedEventStream, TracedOrderQueue } from './traced-publisher.js';
import { TracedTransactions } from './traced-transactions.js';
import { TracedUnitOfWork } from './traced-unit-of-work.js';

/** Longest wait at a stop for the last spans to be sent, in milliseconds. */
const LAST_EXPORT_MS = 3_000;

/** Bounds of what is sent at once; durations in milliseconds. */
export type SpanBatches = Omit<BatchSpanProcessorOptions, 'exporter'>;

/** Names of database systems in the semantic conventions. */
export type DatabaseSystem = 'mysql' | 'mariadb' | 'sqlite';

export interface TracingOptions {
  /** Address of the receiver: OTLP over HTTP in protobuf, with the path. */
  readonly url: string;
  readonly sampler: SamplerName;
  /** Share of the traces that begin here, for the samplers that take one; 0 to 1. */
  readonly share: number;
  readonly instance: string;
  readonly version: string;
  readonly database: DatabaseSystem;
  readonly queue: 'kafka' | 'in_process';
  /** The path of a URL without its query. */
  readonly pathOf: (url: string) => string;
  readonly batches: SpanBatches;
  readonly report: ReportExport;
}

/** What records spans; each wraps or observes one port. */
export interface Tracing {
  readonly requests: RequestSpans;
  readonly messages: MessageObserver;
  readonly units: UnitOfWorkTracing;
  cache(inner: CachePort): CachePort;
  orderQueue(inner: OrderQueue): OrderQueue;
  eventStream(inner: EventStream): EventStream;
  /** The ids of the current span, for log lines. */
  ids(): TraceIds;
  /** Sends the last spans, for at most 3 s. */
  close(): Promise<void>;
}

/**
 * Starts to record and to export spans. What the options do not name (headers, timeout, compression,
 * certificates, attributes of the resource) the packages read from their standard variables.
 */
export function startTracing(options: TracingOptions): Tracing {
  const otlp = new OTLPTraceExporter({ url: options.url });
  const exporter = new ReportingExporter(otlp, options.report);
  const provider = new TracerProvider({
    resource: resourceOf(options),
    sampler: samplerOf(options.sampler, options.share),
    spanProcessors: [new BatchSpanProcessor({ ...options.batches, exporter })],
  });
  const spans = new Spans(provider.getTracer('lockstep', options.version));
  return {
    requests: new RequestSpans(spans, options.pathOf),
    messages: new MessageSpans(spans, options.queue),
    units: unitTracing(spans, options.database),
    cache: (inner) => new TracedCache(inner, spans),
    orderQueue: (inner) => new TracedOrderQueue(inner, spans),
    eventStream: (inner) => new TracedEventStream(inner, spans),
    ids: () => spans.ids(),
    close: () => within(LAST_EXPORT_MS, provider.shutdown()),
  };
}

function unitTracing(spans: Spans, database: string): UnitOfWorkTracing {
  const units: TracedUnits = new WeakMap();
  return {
    locks: (inner) => new TracedLock(inner, spans),
    transactions: (inner) => new TracedTransactions(inner, spans, database),
    shared: (inner) => traceShared(inner, spans, units, database),
    units: (inner) => new TracedUnitOfWork(inner, spans, units),
  };
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` replace what is known here. */
function resourceOf({ instance, version }: TracingOptions) {
  const own = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: 'lockstep',
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_SERVICE_INSTANCE_ID]: instance,
  });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Resolves after `ms` at the latest; a receiver that is down must not delay a stop. Never rejects. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => {}), promise]);
  clearTimeout(timer);
}
