import { trace } from '@opentelemetry/api';
import { OutboxDecorator } from '../../../application/events/outbox-decorator.js';
import type { OutboxChannel, OutboxRepository, Outgoing } from '../../../domain/events/outbox.js';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import { type Spans, toHeaders } from './spans.js';

/**
 * The same transaction, which records each call of a repository, such as `stocks.offers`, and adds the
 * trace to each message for the outbox.
 *
 * Work that serves several requests records no calls: each would be in all of their traces, and grow
 * with the square of their number. Its messages have no trace, because it is not known which of the
 * requests caused them.
 */
export function recordSteps(tx: Transaction, spans: Spans): Transaction {
  const [context, ...others] = spans.current;
  if (!context || others.length > 0) return tx;
  const own = { ...tx, outbox: new TracedOutbox(tx.outbox, spans) };
  if (!trace.getSpan(context)?.isRecording()) return own;
  const entries = Object.entries(own).map(([name, repository]) => {
    return [name, typeof repository === 'object' ? recorded(name, repository, spans) : repository];
  });
  return Object.fromEntries(entries);
}

function recorded<R extends object>(name: string, repository: R, spans: Spans): R {
  return new Proxy(repository, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        spans.within(`${name}.${String(property)}`, {}, async () =>
          Reflect.apply(value, target, args),
        );
    },
  });
}

/** Adds the current trace to each message. */
class TracedOutbox extends OutboxDecorator {
  constructor(
    inner: OutboxRepository,
    private readonly spans: Spans,
  ) {
    super(inner);
  }

  override add<C extends OutboxChannel>(
    channel: C,
    messages: readonly Outgoing[C][],
  ): Promise<void> {
    const trace = toHeaders(this.spans.current[0]);
    // @plant trace-in-outbox
    const traced = messages.map((message) => ({ ...message, trace }));
    return this.inner.add(channel, traced);
  }
}
