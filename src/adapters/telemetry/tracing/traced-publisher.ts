import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { EventStream } from '../../../domain/events/outbox.js';
import type { TraceContext } from '../../../domain/events/trace-context.js';
import type { OrderMessage } from '../../../domain/orders/order-message.js';
import { OrderQueue } from '../../../domain/orders/order-queue.js';
import { withSpans } from './message-spans.js';
import type { Spans } from './spans.js';

const PUBLISH = ['publish from outbox'] as const;

interface Traced {
  readonly trace?: TraceContext;
}

const IN_MESSAGE = {
  traceOf: ({ trace }: Traced) => trace,
  withTrace: <M extends Traced>(message: M, trace: TraceContext): M => ({ ...message, trace }),
};

/** Records the way of each order request from the outbox to the queue. */
export class TracedOrderQueue extends OrderQueue {
  constructor(
    private readonly inner: OrderQueue,
    private readonly spans: Spans,
  ) {
    super();
  }

  override publish(messages: readonly OrderMessage[], stopped?: AbortSignal): Promise<void> {
    const publish = (traced: readonly OrderMessage[]) => this.inner.publish(traced, stopped);
    return withSpans(this.spans, PUBLISH, messages, IN_MESSAGE, publish);
  }
}

/** Records the way of each event from the outbox to its stream. */
export class TracedEventStream extends EventStream {
  constructor(
    private readonly inner: EventStream,
    private readonly spans: Spans,
  ) {
    super();
  }

  override hasConsumer(type: DomainEvent['type']): boolean {
    return this.inner.hasConsumer(type);
  }

  override publish(events: readonly DomainEvent[], stopped?: AbortSignal): Promise<void> {
    const publish = (traced: readonly DomainEvent[]) => this.inner.publish(traced, stopped);
    return withSpans(this.spans, PUBLISH, events, IN_MESSAGE, publish);
  }
}
