import { type Attributes, SpanKind, type SpanOptions } from '@opentelemetry/api';
import type { TraceContext } from '../../../domain/events/trace-context.js';
import type { MessageObserver, ObservedRecord } from '../../queue/message-observer.js';
import { fromHeaders, type Spans, toHeaders, type WorkSpan } from './spans.js';

/** How a carrier, such as a message or a record, names its trace. */
interface Carrier<T> {
  traceOf(item: T): TraceContext | undefined;
  withTrace(item: T, trace: TraceContext): T;
}

/**
 * Starts a span for each item that names a trace, and passes the items on, which then name these spans.
 * All of them end with `send`.
 */
export async function withSpans<T>(
  spans: Spans,
  [name, options]: readonly [string, SpanOptions?],
  items: readonly T[],
  { traceOf, withTrace }: Carrier<T>,
  send: (items: readonly T[]) => Promise<void>,
): Promise<void> {
  const started: WorkSpan[] = [];
  const observed = items.map((item) => {
    const trace = traceOf(item);
    if (!trace) return item;
    const span = spans.start(name, options, [fromHeaders(trace)]);
    started.push(span);
    return withTrace(item, toHeaders(span.contexts[0]));
  });
  try {
    await send(observed);
  } catch (error) {
    for (const span of started) span.fail(error);
    throw error;
  } finally {
    for (const span of started) span.end();
  }
}

const IN_HEADERS = {
  traceOf: ({ headers }: ObservedRecord) => (headers?.traceparent ? headers : undefined),
  withTrace: <R extends ObservedRecord>(record: R, trace: TraceContext): R => {
    return { ...record, headers: { ...record.headers, ...trace } };
  },
};

/** Records what is sent to topics, and what is settled: the names are those of the conventions. */
export class MessageSpans implements MessageObserver {
  constructor(
    private readonly spans: Spans,
    /** `kafka`, or the name of a queue in the process. */
    private readonly system: string,
  ) {}

  send<R extends ObservedRecord>(
    topic: string,
    records: readonly R[],
    send: (records: readonly R[]) => Promise<void>,
  ): Promise<void> {
    const attributes = this.#attributes('send', topic);
    const span = [`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }] as const;
    return withSpans(this.spans, span, records, IN_HEADERS, send);
  }

  /** One span for each message that names a trace, all with the times of the shared settlement. */
  settle(
    destination: string,
    traces: readonly TraceContext[],
    settle: () => Promise<void>,
  ): Promise<void> {
    if (traces.length === 0) return settle();
    const attributes = this.#attributes('process', destination);
    if (traces.length > 1) attributes['messaging.batch.message_count'] = traces.length;
    const options = { kind: SpanKind.CONSUMER, attributes };
    const span = this.spans.start(`process ${destination}`, options, traces.map(fromHeaders));
    return span.endWith(() => this.spans.run(span.contexts, settle));
  }

  #attributes(operation: 'send' | 'process', destination: string): Attributes {
    return {
      'messaging.system': this.system,
      'messaging.destination.name': destination,
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
    };
  }
}
