import type { TraceContext } from '../../../domain/events/trace-context.js';
import type { MessageObserver } from '../message-observer.js';
import type { Headers, Read } from './kafka-delivered.js';
import { KafkaProducer, type OutgoingRecord } from './kafka-producer.js';
import type { KafkaSettings } from './kafka-settings.js';

/** A producer that reports each send to an observer. */
export class ObservedKafkaProducer extends KafkaProducer {
  constructor(
    settings: KafkaSettings,
    private readonly observer: MessageObserver,
  ) {
    super(settings);
  }

  override send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    return this.observer.send(topic, records, (observed) => super.send(topic, observed));
  }
}

/** Also reads the trace of a message from its headers. */
export function readWithTrace<Content extends object>(
  read: Read<Content>,
): Read<Content & { readonly trace?: TraceContext }> {
  return (value, headers) => {
    const content = read(value);
    // @plant trace-from-kafka
    return content && { ...content, trace: traceIn(headers) };
  };
}

const NAMES = ['traceparent', 'tracestate'];

function traceIn(headers: Headers = new Map()): TraceContext | undefined {
  const named = [...headers].map(([name, value]) => [`${name}`, `${value}`] as const);
  const found = named.filter(([name]) => NAMES.includes(name));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
