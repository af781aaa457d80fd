/**
 * Headers of W3C Trace Context (`traceparent`, `tracestate`): the work that caused a message. Its
 * consumer continues this trace.
 */
export type TraceContext = Readonly<Record<string, string>>;
