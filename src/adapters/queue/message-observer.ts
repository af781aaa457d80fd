import type { TraceContext } from '../../domain/events/trace-context.js';

/** A record for a topic, as far as an observer sees it. */
export interface ObservedRecord {
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Receives what is sent and what is settled, for traces. */
export interface MessageObserver {
  /** Calls `send` with the records, whose headers name the traces that their consumer continues. */
  send<R extends ObservedRecord>(
    topic: string,
    records: readonly R[],
    send: (records: readonly R[]) => Promise<void>,
  ): Promise<void>;

  /** Calls `settle` inside the traces of the messages that are settled together. */
  settle(
    destination: string,
    traces: readonly TraceContext[],
    settle: () => Promise<void>,
  ): Promise<void>;
}
