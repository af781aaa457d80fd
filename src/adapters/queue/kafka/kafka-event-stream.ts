import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { EventStream } from '../../../domain/events/outbox.js';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { encodeEvent } from '../events/cloud-event.js';
import type { KafkaProducer, OutgoingRecord } from './kafka-producer.js';
import type { KafkaSettings } from './kafka-settings.js';
import { ensureTopic } from './kafka-topics.js';

/**
 * Events in a topic, keyed by order or product: CloudEvents in structured mode (Kafka protocol
 * binding 1.0.2, section 3.3), with the headers of the binary mode beside for those who filter.
 */
export class KafkaEventStream extends EventStream {
  private isThere = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly producer: KafkaProducer,
    private readonly topic: string,
    /** URI reference of where the events happen. */
    private readonly source: string,
  ) {
    super();
  }

  override async publish(events: readonly DomainEvent[]): Promise<void> {
    await this.ensureTopic();
    const records = events.map((event) => this.recordOf(event));
    await this.producer.send(this.topic, records);
  }

  /** Nobody here need follow the events, so there may be no consumer that does it. */
  private async ensureTopic(): Promise<void> {
    if (this.isThere) return;
    try {
      await ensureTopic(this.settings, this.topic);
    } catch (error) {
      throw new DependencyUnavailableError('kafka', error);
    }
    this.isThere = true;
  }

  private recordOf(event: DomainEvent): OutgoingRecord {
    return {
      key: event.key,
      value: encodeEvent(event, this.source),
      headers: {
        'content-type': 'application/cloudevents+json; charset=UTF-8',
        ce_specversion: '1.0',
        ce_id: event.id,
        ce_source: this.source,
        ce_type: event.type,
        ce_time: event.occurredAt,
        ce_subject: event.key,
      },
    };
  }
}
