import type { DomainEvent } from '../../domain/events/domain-event.js';
import { EventStream } from '../../domain/events/outbox.js';
import type { InProcessPublisher } from './in-process-publisher.js';

/** Delivers events to consumers in the same process; without a message broker there are no others. */
export class InProcessEventStream extends EventStream {
  constructor(
    private readonly publisher: InProcessPublisher<'events'>,
    private readonly consumed: readonly DomainEvent['type'][],
  ) {
    super();
  }

  override hasConsumer(type: DomainEvent['type']): boolean {
    return this.consumed.includes(type);
  }

  override publish(events: readonly DomainEvent[], stopped?: AbortSignal): Promise<void> {
    return this.publisher.publish(events, stopped);
  }
}
