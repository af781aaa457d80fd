import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { DomainError } from '../../../domain/errors.js';
import type { TraceContext } from '../../../domain/events/trace-context.js';

/** Ids of the current span, for a log line; empty outside of a trace. */
export type TraceIds = { readonly trace_id: string; readonly span_id: string } | object;

const NO_CONTEXTS: readonly Context[] = [];
const propagator = new W3CTraceContextPropagator();

/**
 * Starts spans below the current ones.
 *
 * Work that serves several requests at once, such as a shared transaction, belongs to several traces.
 * So the current work has a list of contexts, usually of length 1, and a span of it is recorded once
 * below each of them (docs/decisions/0038-a-span-in-the-trace-of-each-request.md). Work outside of a
 * trace, such as a job, records nothing.
 */
export class Spans {
  readonly #current = new AsyncLocalStorage<readonly Context[]>();

  constructor(private readonly tracer: Tracer) {}

  get current(): readonly Context[] {
    return this.#current.getStore() ?? NO_CONTEXTS;
  }

  start(name: string, options: SpanOptions = {}, parents = this.current): WorkSpan {
    const spans = parents.map((parent) => this.tracer.startSpan(name, options, parent));
    const contexts = spans.map((span, i) => trace.setSpan(parents[i] ?? ROOT_CONTEXT, span));
    return new WorkSpan(spans, contexts);
  }

  /** Runs `work` with these contexts as the current ones. */
  run<T>(contexts: readonly Context[], work: () => T): T {
    return this.#current.run(contexts, work);
  }

  /** Runs `work` inside a new span, which ends with it. */
  async within<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
    if (this.current.length === 0) return work();
    const span = this.start(name, { attributes });
    return span.endWith(() => this.run(span.contexts, work));
  }

  /** The only trace of the current work; empty when it has none or several. */
  ids(): TraceIds {
    const [context, ...others] = this.current;
    return context && others.length === 0 ? idsOf(context) : {};
  }
}

/** A span of one piece of work, once in each trace to which the work belongs. */
export class WorkSpan {
  constructor(
    private readonly spans: readonly Span[],
    /** Parents of further spans. */
    readonly contexts: readonly Context[],
  ) {}

  set(attributes: Attributes): void {
    for (const span of this.spans) span.setAttributes(attributes);
  }

  rename(name: string, attributes: Attributes): void {
    this.set(attributes);
    for (const span of this.spans) span.updateName(name);
  }

  /**
   * Only the kind of an error: its message may contain what a trace must not. A text is a kind.
   */
  fail(error: unknown): void {
    this.set({ [ATTR_ERROR_TYPE]: kindOf(error) });
    for (const span of this.spans) span.setStatus({ code: SpanStatusCode.ERROR });
  }

  /** `endTime` in milliseconds since 1970; by default now. */
  end(endTime?: number): void {
    for (const span of this.spans) span.end(endTime);
  }

  /** Ends when `work` ends. */
  async endWith<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      this.end();
    }
  }
}

export function idsOf(context: Context): TraceIds {
  const span = trace.getSpanContext(context);
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** The context as headers; empty when it has no span. */
export function toHeaders(context: Context | undefined): TraceContext {
  const headers: Record<string, string> = {};
  if (context) propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}

/** The context in headers. Headers that are absent or wrong are ignored: then a trace begins here. */
export function fromHeaders(headers: object | undefined): Context {
  return propagator.extract(ROOT_CONTEXT, headers ?? {}, defaultTextMapGetter);
}

function kindOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof DomainError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
