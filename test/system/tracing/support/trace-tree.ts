import { randomBytes } from 'node:crypto';
import type { OtlpReceiver } from './otlp-receiver.js';
import type { ReceivedSpan } from './otlp-spans.js';

/** The header of a client whose span is the parent of the service's. */
export interface ClientSpan {
  readonly traceId: string;
  readonly id: string;
  readonly headers: { readonly traceparent: string };
}

export function clientSpan(flags = '01'): ClientSpan {
  const [traceId, id] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, id, headers: { traceparent: `00-${traceId}-${id}-${flags}` } };
}

/** The spans of a trace that have arrived. */
export class TraceTree {
  readonly spans: readonly ReceivedSpan[];

  constructor(receiver: OtlpReceiver, traceId: string) {
    this.spans = receiver.of(traceId);
  }

  /** Each span as the names from its root on: `POST /v1/orders > unit of work > transaction`. */
  get paths(): string[] {
    return this.spans.map((span) => this.#pathOf(span)).sort();
  }

  /** Spans whose parent did not arrive. */
  get roots(): ReceivedSpan[] {
    return this.spans.filter(({ parentId }) => !this.spans.some(({ id }) => id === parentId));
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  #pathOf({ name, parentId }: ReceivedSpan): string {
    const parent = this.spans.find(({ id }) => id === parentId);
    return parent ? `${this.#pathOf(parent)} > ${name}` : name;
  }
}
